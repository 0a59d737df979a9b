package org.hone.spark.tokenizer;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.hone.data.tokenizer.train.BpeTrainer;
import org.hone.data.tokenizer.train.CorpusCounts;
import org.hone.data.tokenizer.train.WordSplitter;
import org.hone.spark.fixture.LocalSession;
import org.hone.spark.run.Storage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Files of every kind, whole and broken, against counts in a loop. */
final class CorpusFilesTest {
    private static final WordSplitter SPLITTER = new WordSplitter(List.of());

    @LocalSession
    private static SparkSession spark;

    @TempDir
    private Path folder;

    @Test
    void compressionIsReadOffTheBytesAndChangesNoCount() throws IOException {
        List<String> lines = lines(500);
        byte[] text = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
        CorpusCounts expected = counts(lines);
        for (String name : List.of("a.txt", "a.gz", "a.zst")) {
            for (byte[] bytes : List.of(text, gzip(text), zstd(text))) {
                CountedCorpus counted = text(file(name, bytes));
                assertThat(counted.counts()).as(name).isEqualTo(expected);
                assertThat(counted.rows()).isEqualTo(Map.of(RowOutcome.USED, 500L));
                assertThat(counted.skipped()).isEmpty();
            }
        }
    }

    @Test
    void linesOfALargeFileAreCountedOnceWhicheverChunkTheyBeginIn() throws IOException {
        List<String> lines = lines(8_000);
        String text = (String.join("\n", lines) + "\n").repeat(300);
        Path file = file("large.txt", text.getBytes(StandardCharsets.UTF_8));
        assertThat(Files.size(file)).as("more than a chunk").isGreaterThan(33L << 20);
        CountedCorpus counted = text(file);
        counts(lines)
                .words()
                .forEach((word, count) -> assertThat(counted.counts().words()).containsEntry(word, 300 * count));
        assertThat(counted.rowsIn()).isEqualTo(2_400_000);
    }

    @Test
    void textIsTextWhateverItBeginsWith() throws IOException {
        for (String first : List.of("[NOTE] one", "{\"a\": 1}", "[1]", "<|endoftext|>", "\ufeffone", "a,b")) {
            List<String> lines = List.of(first, "", "two \r three", "  ", "four");
            CountedCorpus counted =
                    text(file("a.txt", String.join("\r\n", lines).getBytes(StandardCharsets.UTF_8)));
            assertThat(counted.counts())
                    .as(first)
                    .isEqualTo(counts(lines.stream()
                            .map(line -> line.replace("\ufeff", ""))
                            .toList()));
            assertThat(counted.rows()).isEqualTo(Map.of(RowOutcome.USED, 4L, RowOutcome.EMPTY, 1L));
        }
    }

    @Test
    void brokenLinesCostThemselvesAndAreCountedByFile() throws IOException {
        Path broken = file("broken.txt", "one\na\377b\n\0two\n\355\240\200\n".getBytes(StandardCharsets.ISO_8859_1));
        Path whole = file("whole.txt", "three\n".getBytes(StandardCharsets.UTF_8));
        CountedCorpus counted = text(broken, whole);
        assertThat(counted.counts().words()).isEqualTo(Map.of("▁one", 1L, "▁\u0000two", 1L, "▁three", 1L));
        assertThat(counted.rows()).isEqualTo(Map.of(RowOutcome.USED, 3L, RowOutcome.INVALID_UTF8, 2L));
        assertThat(counted.skipped()).containsExactly(new SkippedRows(name(broken), RowOutcome.INVALID_UTF8, 2, ""));
    }

    @Test
    void ofAFileThatIsCutOffTheLinesBeforeAreCounted() throws IOException {
        List<String> lines = lines(20_000);
        byte[] text = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
        for (byte[] whole : List.of(gzip(text), zstd(text))) {
            byte[] cut = Arrays.copyOf(whole, whole.length / 2);
            Path file = file("cut.gz", cut);
            CountedCorpus counted = text(file, file("whole.txt", "other\n".getBytes(StandardCharsets.UTF_8)));
            int read = Math.toIntExact(counted.rows().getOrDefault(RowOutcome.USED, 0L)) - 1;
            if (whole[0] == 0x1f) {
                assertThat(read).as("every whole line").isEqualTo(wholeLines(cut));
            }
            assertThat(read).isBetween(5_000, 15_000);
            List<String> expected = new ArrayList<>(lines.subList(0, read));
            expected.add("other");
            assertThat(counted.counts()).isEqualTo(counts(expected));
            assertThat(counted.rows()).containsEntry(RowOutcome.UNREADABLE, 1L);
            assertThat(counted.skipped()).singleElement().satisfies(rows -> {
                assertThat(rows.file()).isEqualTo(name(file));
                assertThat(rows.detail()).startsWith("cannot be read from record " + (read + 1) + " on (");
            });
        }
    }

    @Test
    void fieldsOfJsonLines() throws IOException {
        String lines = """
                {"text": "one\\ntwo", "turns": [{"said": "deep"}]}
                {"text": 3}
                {"text": ""}
                {"text": "cut

                {"text": "half \\ud800"}
                {"text": "a", "text": "b"}
                """;
        Path file = file("a.jsonl", lines.getBytes(StandardCharsets.UTF_8));
        CountedCorpus top = counted("text", null, file);
        assertThat(top.counts().words()).isEqualTo(Map.of("▁one", 1L, "▁two", 1L));
        assertThat(top.rows())
                .isEqualTo(Map.of(
                        RowOutcome.USED, 1L,
                        RowOutcome.NO_TEXT, 1L,
                        RowOutcome.EMPTY, 2L,
                        RowOutcome.INVALID_JSON, 2L,
                        RowOutcome.INVALID_UTF8, 1L));
        assertThat(counted("/turns/0/said", null, file).counts().words()).isEqualTo(Map.of("▁deep", 1L));
    }

    @Test
    void fieldsOfJsonListsAndColumnsOfCsv() throws IOException {
        Path list = file(
                "a.json",
                zstd("[{\"said\": \"one\"}, {\"said\": \"two\"}, 7, {\"said".getBytes(StandardCharsets.UTF_8)));
        CountedCorpus json = counted("said", null, list);
        assertThat(json.counts().words()).isEqualTo(Map.of("▁one", 1L, "▁two", 1L));
        assertThat(json.rows())
                .isEqualTo(Map.of(RowOutcome.USED, 2L, RowOutcome.NO_TEXT, 1L, RowOutcome.UNREADABLE, 1L));
        Path csv = file("a.csv", "id,said\n1,\"a, \"\"b\"\"\"\n2\n3,\377\n".getBytes(StandardCharsets.ISO_8859_1));
        CountedCorpus table = counted(null, "said", csv);
        assertThat(table.counts().words()).isEqualTo(counts(List.of("a, \"b\"")).words());
        assertThat(table.rows())
                .isEqualTo(Map.of(RowOutcome.USED, 1L, RowOutcome.MALFORMED_ROW, 1L, RowOutcome.INVALID_UTF8, 1L));
    }

    @Test
    void columnsOfParquetWholeAndCutOff() throws IOException {
        List<Path> files = parquet();
        CountedCorpus whole = counted(null, "said", files.toArray(Path[]::new));
        assertThat(whole.counts().words()).isEqualTo(Map.of("▁one", 1L, "▁two", 1L));
        assertThat(whole.rows())
                .isEqualTo(Map.of(RowOutcome.USED, 2L, RowOutcome.NO_TEXT, 1L, RowOutcome.INVALID_UTF8, 1L));
        byte[] bytes = Files.readAllBytes(files.get(0));
        Path unnamed = file("unnamed", bytes);
        assertThat(counted(null, "said", unnamed).rows()).isEqualTo(whole.rows());
        Path cut = file("cut.parquet", Arrays.copyOf(bytes, bytes.length - 7));
        CountedCorpus broken = counted(null, "said", cut, files.get(0));
        assertThat(broken.rows()).containsEntry(RowOutcome.UNREADABLE, 1L).containsEntry(RowOutcome.USED, 2L);
        assertThat(broken.skipped().get(0).file()).isEqualTo(name(cut));
        assertThat(broken.skipped().get(0).detail())
                .startsWith("cannot be read from record 1 on (no whole Parquet file: ");
    }

    private List<Path> parquet() throws IOException {
        Path table = folder.resolve("table");
        spark.createDataFrame(
                        List.of(
                                RowFactory.create(1, (Object) "one".getBytes(StandardCharsets.UTF_8)),
                                RowFactory.create(2, (Object) "two".getBytes(StandardCharsets.UTF_8)),
                                RowFactory.create(3, null),
                                RowFactory.create(4, (Object) new byte[] {'a', (byte) 0xff})),
                        new StructType().add("id", DataTypes.IntegerType).add("said", DataTypes.BinaryType))
                .coalesce(1)
                .select(
                        functions.col("id"),
                        functions.col("said").cast(DataTypes.StringType).as("said"))
                .write()
                .parquet(table.toString());
        try (var files = Files.list(table)) {
            return files.filter(file -> file.toString().endsWith(".parquet")).toList();
        }
    }

    @Test
    void aFileThatIsNotWhatTheOptionsSayIsRefused() throws IOException {
        Path table = parquet().get(0);
        Path text = file("a.txt", "{\"said\": \"one\"}\n".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> counted(null, "other", table))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(name(table) + ": --column other: no column of text; the file has the columns [id, said]");
        assertThatThrownBy(() -> counted(null, "id", table)).hasMessageContaining("--column id: no column of text");
        assertThatThrownBy(() -> text(table))
                .hasMessage(name(table) + ": a Parquet file; name the column of its text with --column");
        assertThatThrownBy(() -> text(file("unnamed", Files.readAllBytes(table))))
                .hasMessageEndingWith("unnamed: a Parquet file; name the column of its text with --column");
        assertThatThrownBy(() -> counted(null, "said", text))
                .hasMessage(name(text) + ": neither Parquet nor CSV, but --column is given; leave it out");
        assertThatThrownBy(() -> text(file("a.csv.gz", new byte[0])))
                .hasMessageEndingWith("a.csv.gz: a CSV file; name the column of its text with --column");
        assertThatThrownBy(() -> counted("said", "said", text))
                .hasMessage("--field is of JSON and --column of Parquet and CSV: give one of them");
    }

    @Test
    void aStorageThatFailsFailsTheCount() throws IOException {
        Path gone = file("gone.txt", new byte[] {'a'});
        CorpusFiles files = CorpusFiles.find(List.of(gone.toString()), null, null, storage());
        Files.delete(gone);
        assertThatThrownBy(() -> CountedCorpus.of(spark, files, SPLITTER, 100))
                .hasMessageContaining("gone.txt: the storage failed: ");
    }

    private static CountedCorpus text(Path... files) throws IOException {
        return counted(null, null, files);
    }

    private static CountedCorpus counted(@Nullable String field, @Nullable String column, Path... files)
            throws IOException {
        List<String> names = Arrays.stream(files).map(Path::toString).toList();
        return CountedCorpus.of(spark, CorpusFiles.find(names, field, column, storage()), SPLITTER, 1_000_000);
    }

    private static Storage storage() {
        return new Storage(spark.sparkContext().hadoopConfiguration());
    }

    private static CorpusCounts counts(List<String> lines) {
        return CorpusCounts.of(BpeTrainer.countWords(lines));
    }

    private static List<String> lines(int count) {
        Random draw = new Random(6);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder line = new StringBuilder("é");
            for (int word = 0; word <= draw.nextInt(12); word++) {
                line.append(' ').append(Long.toString(Math.round(Math.exp(draw.nextDouble() * 12)), 36));
            }
            lines.add(line.toString());
        }
        return lines;
    }

    /** Lines that the JDK gives byte by byte before it meets the end. */
    private static int wholeLines(byte[] cut) throws IOException {
        int lines = 0;
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(cut))) {
            for (int next = in.read(); next >= 0; next = in.read()) {
                lines += next == '\n' ? 1 : 0;
            }
            throw new IllegalStateException("the file is whole");
        } catch (EOFException e) {
            return lines;
        }
    }

    private Path file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private static String name(Path file) {
        return file.toUri().toString().replace("file:///", "file:/");
    }

    private static byte[] gzip(byte[] text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text);
        }
        return bytes.toByteArray();
    }

    private static byte[] zstd(byte[] text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new ZstdOutputStream(bytes)) {
            out.write(text);
        }
        return bytes.toByteArray();
    }
}
