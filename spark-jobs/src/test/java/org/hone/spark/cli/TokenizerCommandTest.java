package org.hone.spark.cli;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.data.tokenizer.train.BpeOptions;
import org.hone.data.tokenizer.train.BpeTrainer;
import org.hone.spark.fixture.LocalSpark;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code hone tokenizer}, over the formats that it reads. */
final class TokenizerCommandTest {
    private static final List<String> LINES = List.of(
            "the baker bakes the bread that the baker ate",
            "other bakers bathe 1987 times in the breadth of the bath",
            "the other bread is baked by the other baker");

    @TempDir
    private Path folder;

    @BeforeAll
    static void twoSlots() {
        LocalSpark.useTwoSlots();
    }

    @Test
    void everyFormatGivesTheModelThatTheTrainerGives() throws IOException {
        byte[] expected = BpeTrainer.train(BpeTrainer.countWords(LINES), BpeOptions.llama(310))
                .toModelFile();
        Path text = Files.write(folder.resolve("text.txt"), LINES);
        Path zipped = Files.write(folder.resolve("text.txt.gz"), gzip(String.join("\r\n", LINES)));
        Path packed = Files.write(
                folder.resolve("text.zst"),
                Zstd.compress(String.join("\n", LINES).getBytes(StandardCharsets.UTF_8)));
        Path json = Files.write(
                folder.resolve("rows.jsonl"),
                LINES.stream().map(line -> "{\"said\": \"" + line + "\"}").toList());
        Path table = folder.resolve("table.parquet");
        try (SparkSession spark = LocalSpark.start()) {
            spark.createDataset(LINES, Encoders.STRING())
                    .toDF("said")
                    .repartition(3)
                    .write()
                    .parquet(table.toString());
        }
        assertThat(trained(text.toString())).isEqualTo(expected);
        assertThat(trained(text.toString())).as("again, over the older file").isEqualTo(expected);
        assertThat(trained(zipped.toString())).isEqualTo(expected);
        assertThat(trained(packed.toString())).isEqualTo(expected);
        assertThat(trained(json.toString(), "--field", "said")).isEqualTo(expected);
        assertThat(trained(table.toString(), "--column", "said")).isEqualTo(expected);
    }

    private byte[] trained(String... inputs) throws IOException {
        Path file = folder.resolve("trained.model");
        String[] arguments = new String[inputs.length + 6];
        System.arraycopy(inputs, 0, arguments, 6, inputs.length);
        System.arraycopy(new String[] {"tokenizer", "train", "-n", "310", "-o", file.toString()}, 0, arguments, 0, 6);
        Shell shell = Shell.run(arguments);
        assertThat(shell.err()).isEmpty();
        assertThat(shell.exit()).isZero();
        return Files.readAllBytes(file);
    }

    @Test
    void rowsInAreUsedAndSkippedRowsAndTheFolderSaysWhatItIs() throws IOException {
        Path text = folder.resolve("text.txt");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes((String.join("\n", LINES) + "\n\n[NOTE] nul \u0000\r\n").getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(new byte[] {'b', (byte) 0xFF, '\n'});
        Files.write(text, bytes.toByteArray());
        Path empty = Files.createFile(folder.resolve("empty.txt"));
        Path output = folder.resolve("trained");
        Shell shell = Shell.run(
                "tokenizer",
                "train",
                text.toString(),
                empty.toString(),
                "--vocabulary=300",
                "--symbol=[NOTE]",
                "--output=" + output);
        assertThat(shell.err()).isEmpty();
        assertThat(shell.lines())
                .contains(
                        "rows_in                6",
                        "used                   4",
                        "skipped_empty          1",
                        "skipped_invalid_utf8   1",
                        "pieces                 300");
        try (Tokenizer tokenizer = Tokenizer.open(output)) {
            assertThat(tokenizer.vocabularySize()).isEqualTo(300);
            assertThat(tokenizer.piece(3)).isEqualTo("[NOTE]");
            assertThat(tokenizer.decode(tokenizer.encode("the [NOTE] 42"))).isEqualTo("the [NOTE] 42");
        }
        assertThat(output.resolve("tokenizer_config.json")).content().contains("\"LlamaTokenizer\"");
        Shell inspected = Shell.run("tokenizer", "inspect", output.toString());
        assertThat(inspected.lines())
                .contains(
                        "kind             SentencePiece, bpe",
                        "pieces           300 {byte=256, control=2, normal=40, unknown=1, user-defined=1}",
                        "normaliser       identity, changes no character, a blank before the text, every blank kept",
                        "byte fallback    yes",
                        "controls         <s> 1, </s> 2",
                        "user-defined     [NOTE] 3");
    }

    @Test
    void aFileThatIsCutOffIsSaidWithItsPlace() throws IOException {
        Path whole = Files.write(folder.resolve("whole.txt"), LINES);
        byte[] zipped = gzip("the first line\n");
        Path cut = Files.write(folder.resolve("cut.txt.gz"), Arrays.copyOf(zipped, zipped.length - 8));
        Path odd = Files.write(folder.resolve("odd.txt"), new byte[] {(byte) 0xFF, '\n', (byte) 0xFF});
        Shell shell = Shell.run(
                "tokenizer",
                "train",
                whole.toString(),
                cut.toString(),
                odd.toString(),
                "-n=300",
                "-o=" + folder.resolve("trained.model"));
        assertThat(shell.err()).isEmpty();
        assertThat(shell.exit()).isZero();
        assertThat(shell.lines())
                .contains(
                        "rows_in                7",
                        "used                   4",
                        "skipped_invalid_utf8   2",
                        "skipped_unreadable     1",
                        "skipped_in             file:" + cut
                                + ": cannot be read from record 2 on (java.io.EOFException);"
                                + " fetch it again, its rest is not in the counts",
                        "skipped_in             file:" + odd + ": 2 invalid_utf8");
    }

    @Test
    void wrongInputIsSaidBeforeSparkStarts() throws IOException {
        Path json = Files.writeString(folder.resolve("rows.jsonl"), "{}\n");
        String file = json.toUri().toString().replace("file:///", "file:/");
        assertThat(Shell.run("tokenizer", "train", json.toString(), "-n", "300", "-o", "x.model"))
                .isEqualTo(new Shell(
                        ExitCodes.WRONG_INPUT,
                        "",
                        "hone: " + file + ": a file of JSON; name the field of its text with --field\n"));
        assertThat(Shell.run("tokenizer", "train", folder + "/none", "-n", "300", "-o", "x.model")
                        .err())
                .contains("none: there is no such file");
        assertThat(Shell.run("tokenizer", "train", json.toString(), "-n", "20", "-o", "x.model")
                        .err())
                .contains("vocabulary size 20: must be above 259");
        assertThat(Shell.run("tokenizer").exit()).isEqualTo(ExitCodes.WRONG_INPUT);
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
