package org.hone.spark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.data.tokenizer.train.BpeOptions;
import org.hone.data.tokenizer.train.BpeTrainer;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.llama.Llama;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Device;
import org.hone.spark.fixture.LocalSpark;
import org.hone.spark.fixture.TinyModels;
import org.hone.spark.stage.StageContext;
import org.hone.spark.table.Columns;
import org.hone.spark.tokenise.Split;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A student whose tokenizer and template are not the large policy's. What it should learn of {@code rows.json} was written by
 * {@code generate.py}.
 */
@Timeout(300)
final class DistillCommandTest {
    private static final String RUN = """
            name: large
            base-model: none
            preferences: {sources: [{name: hh, path: none, fine-tuning-target: true}]}
            """;
    private static final String DISTILL = """
            name: small
            from: ${folder}/run
            start-from: ${folder}/student
            max-length: 64
            training: {gradient-lanes: 2, ranks: 1}
            optimization: {batch-size: 8, micro-batch-tokens: 400, learning-rate: 0.02, epochs: 3}
            """;
    private static final int PIECES = 298;
    private static final double HELD_OUT = 0.25;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void runs() throws IOException {
        try (Llama llama = Llama.initialise(TinyModels.config(PIECES), 5, Device.cpu())) {
            HuggingFaceFolder.savePolicy(llama, folder.resolve("student"), DataType.FLOAT32);
        }
        try (InputStream in = resource("tokenizer.model")) {
            Files.copy(in, folder.resolve("student").resolve(Tokenizer.SENTENCE_PIECE_FILE));
        }
        List<SelectedResponse> written = new ArrayList<>();
        for (JsonNode row : rows()) {
            written.add(new SelectedResponse(
                    row.get("id").textValue(),
                    row.get("round").intValue(),
                    row.get("prompt").textValue(),
                    row.get("text").textValue(),
                    row.get("finish_reason").textValue()));
        }
        try (SparkSession spark = LocalSpark.start()) {
            StageContext run = LocalSpark.run(spark, folder.resolve("run"), RUN);
            SelectedResponse.select(run, written, 3);
            SelectedResponse.select(run.ofRound(2), learnable(""), 2);
            StageContext begun = run.ofRound(3);
            Files.createDirectories(folder.resolve("run/v3/select"));
            assertThat(begun.folder().isDone("v3/select")).isFalse();
            LocalSpark.run(spark, folder.resolve("fresh"), RUN);
            SelectedResponse.select(
                    LocalSpark.run(spark, folder.resolve("silent"), RUN),
                    List.of(new SelectedResponse("silent", 1, "what", " ", "STOP")),
                    1);
        }
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(DistillCommandTest.class.getResourceAsStream("distill/" + name), name);
    }

    private static JsonNode rows() throws IOException {
        try (InputStream in = resource("rows.json")) {
            return new ObjectMapper().readTree(in);
        }
    }

    /** As in a run, no prompt is one that the run has held out, by the seed that the recipe has too. */
    private static List<SelectedResponse> learnable(String more) {
        Split ofRun = new Split(0, HELD_OUT);
        List<SelectedResponse> selected = new ArrayList<>();
        for (int i = 0; selected.size() < 40; i++) {
            String prompt = "what does dog " + i + " say";
            if (!ofRun.isHeldOut(Dialogue.ofUser(prompt))) {
                int n = selected.size();
                selected.add(new SelectedResponse(
                        "learn" + n, 1 + n % 2, prompt, "the large dog knows what it says" + more, "EOS"));
            }
        }
        return selected;
    }

    private static Shell distill(String output, String recipe) throws IOException {
        Path file = Files.writeString(folder.resolve(output + ".yaml"), recipe);
        return Shell.run(
                "distill", file.toString(), "-o", folder.resolve(output).toString(), "-Dfolder=" + folder);
    }

    private static Map<String, String> figures(Shell shell) {
        assertThat(shell.exit()).as(shell.err()).isZero();
        Map<String, String> figures = new TreeMap<>();
        for (String line : shell.lines()) {
            String[] parts = line.strip().split(" {2,}", 2);
            if (parts.length == 2) {
                figures.put(parts[0], parts[1]);
            }
        }
        return figures;
    }

    @Test
    void textIsLearnedInTheStudentsTokensAndTemplate() throws IOException {
        Shell shell = distill("encoded", DISTILL + "round: 1\n");
        assertThat(figures(shell))
                .containsEntry("round", "1")
                .containsEntry("selected", "12")
                .containsEntry("left_out_as_empty", "3")
                .containsEntry("rows", "9")
                .containsEntry("rows of v1", "4")
                .containsEntry("rows of v2", "5")
                .containsEntry("rows_without_eos", "3")
                .containsEntry("truncated_rows", "3");
        Map<String, Row> learned = new TreeMap<>();
        try (SparkSession spark = LocalSpark.start()) {
            spark.read()
                    .parquet(folder.resolve("encoded/tokenise/examples").toString())
                    .collectAsList()
                    .forEach((Row row) -> learned.put(row.getAs("id"), row));
        }
        int tokens = 0;
        for (JsonNode row : rows()) {
            String id = row.get("id").textValue();
            JsonNode expected = row.get("learned");
            if (expected.isNull()) {
                assertThat(learned).doesNotContainKey(id);
                continue;
            }
            Row found = Objects.requireNonNull(learned.remove(id), id);
            assertThat(Columns.tokens(found, "prompt")).as("prompt of %s", row).isEqualTo(ids(expected.get("prompt")));
            assertThat(Columns.tokens(found, "response"))
                    .as("response of %s", row)
                    .isEqualTo(ids(expected.get("response")));
            assertThat(found.<Integer>getAs("dropped_tokens"))
                    .isEqualTo(expected.get("dropped").intValue());
            tokens += expected.get("response").size();
        }
        assertThat(learned).isEmpty();
        assertThat(figures(shell)).containsEntry("trained_tokens", String.valueOf(tokens));
    }

    private static int[] ids(JsonNode node) {
        int[] ids = new int[node.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = node.get(i).intValue();
        }
        return ids;
    }

    @Test
    void theNewestSelectionIsLearnedOnceAndWhatIsMissingIsDoneAgain() throws IOException {
        Shell first = distill("learned", DISTILL);
        Map<String, String> figures = figures(first);
        assertThat(figures)
                .containsEntry("round", "2")
                .containsEntry("rows", "40")
                .containsEntry("steps", "15");
        assertThat(figures.get("selection")).endsWith("/run/v2/select/selected");
        assertThat(Double.parseDouble(figures.get("last_loss")))
                .isLessThan(0.5 * Double.parseDouble(figures.get("first_loss")));
        Path model = folder.resolve("learned/distill/model");
        assertThat(model.resolve(Tokenizer.SENTENCE_PIECE_FILE))
                .hasBinaryContent(Files.readAllBytes(folder.resolve("student/tokenizer.model")));
        assertThat(Files.readString(model.resolve("hone.json"))).contains("\"llama2\"", "64");
        assertThat(HuggingFaceFolder.config(model)).isEqualTo(HuggingFaceFolder.config(folder.resolve("student")));

        Shell status = Shell.run("status", folder.resolve("learned").toString());
        assertThat(status.exit()).as(status.err()).isZero();
        assertThat(status.lines().subList(1, 3))
                .allSatisfy(line -> assertThat(line).matches(" +(distill|tokenise) +done in [0-9.]+ s"));

        List<String> files = files(folder.resolve("learned"));
        assertThat(distill("learned", DISTILL).out()).isEqualTo(first.out());
        assertThat(files(folder.resolve("learned"))).isEqualTo(files);

        Files.delete(folder.resolve("learned/distill/_done.json"));
        Shell again = distill("learned", DISTILL);
        assertThat(figures(again)).containsEntry("weights_sha256", figures.get("weights_sha256"));
        assertThat(files(folder.resolve("learned/tokenise"))).isEqualTo(only(files, "/tokenise/"));
    }

    /** Every file with when it was written. */
    private static List<String> files(Path root) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : all.filter(Files::isRegularFile)
                    .sorted(Comparator.naturalOrder())
                    .toList()) {
                found.add(file + " " + Files.getLastModifiedTime(file));
            }
        }
        return found;
    }

    private static List<String> only(List<String> files, String part) {
        return files.stream().filter(file -> file.contains(part)).toList();
    }

    @Test
    void aSelectionThatChangedIsNotMixedWithWhatWasMadeOfTheOldOne() throws IOException {
        String recipe = DISTILL.replace("${folder}/run", "${folder}/changing");
        try (SparkSession spark = LocalSpark.start()) {
            SelectedResponse.select(LocalSpark.run(spark, folder.resolve("changing"), RUN), learnable(""), 2);
        }
        Shell first = distill("changed", recipe);
        Map<String, String> figures = figures(first);
        try (SparkSession spark = LocalSpark.start()) {
            StageContext run = LocalSpark.run(spark, folder.resolve("changing"), RUN);
            SelectedResponse.select(
                    run,
                    learnable("").stream()
                            .sorted(Comparator.comparing(SelectedResponse::id).reversed())
                            .toList(),
                    5);
            SelectedResponse.select(run.ofRound(2), learnable(" too"), 1);
        }
        assertThat(distill("changed", recipe).out())
                .as("the same rows in other files, and a newer round")
                .isEqualTo(first.out());
        try (SparkSession spark = LocalSpark.start()) {
            List<SelectedResponse> other = new ArrayList<>(learnable(""));
            other.set(7, new SelectedResponse("learn7", 2, "what does dog 7 say", "it says nothing", "EOS"));
            SelectedResponse.select(LocalSpark.run(spark, folder.resolve("changing"), RUN), other, 2);
        }
        List<String> files = files(folder.resolve("changed"));
        Shell refused = distill("changed", recipe);
        assertThat(refused.exit()).isEqualTo(2);
        assertThat(refused.err())
                .contains("from: file:", "/changing/v1/select/selected has changed since it was tokenised")
                .contains("those of file:", "/changed/tokenise had " + figures.get("selection_sha256"))
                .contains("give --output a new folder for the new selection, or put the old one back");
        assertThat(files(folder.resolve("changed"))).isEqualTo(files);

        Files.move(folder.resolve("changing"), folder.resolve("gone"));
        assertThat(distill("changed", recipe).out())
                .as("what was made of it is whole")
                .isEqualTo(first.out());
    }

    @Test
    void heldOutConversationsWatchIt() throws IOException {
        Shell shell =
                distill("watched", DISTILL + "validation: {held-out-fraction: " + HELD_OUT + ", every-steps: 5}\n");
        Map<String, String> figures = figures(shell);
        int heldOut = Integer.parseInt(figures.get("held_out_rows"));
        assertThat(heldOut).isBetween(2, 20);
        assertThat(figures).containsEntry("rows", String.valueOf(40 - heldOut));
        assertThat(Double.parseDouble(figures.get("held_out_loss")))
                .as("all dogs say the same")
                .isLessThan(0.7 * Double.parseDouble(figures.get("first_loss")));
        try (SparkSession spark = LocalSpark.start()) {
            var learned = spark.read()
                    .parquet(folder.resolve("watched/tokenise/examples").toString());
            var watched = spark.read()
                    .parquet(folder.resolve("watched/tokenise/held-out").toString());
            assertThat(learned.union(watched)
                            .select(functions.countDistinct("id"))
                            .first()
                            .getLong(0))
                    .isEqualTo(40);
        }
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeAnythingStarts() throws IOException {
        refused(
                DISTILL.replace("/run", "/nowhere"),
                "from: there is nothing at file:",
                "/nowhere; give the folder of a run of hone round or hone quickstart, and check the -D values");
        refused(
                DISTILL.replace("/run", "/student"),
                "from: ",
                "/student: holds no recipe.yaml, so it is not a run of Hone");
        refused(
                DISTILL.replace("/run", "/fresh"),
                "from: no round of file:",
                "has selected yet (there is no vN/select/_done.json); let hone round go on until its stage select is done");
        refused(
                DISTILL + "round: 3\n",
                "round: got 3, but file:",
                "/run has selected in v1, v2 only; give one of these rounds, or let hone round go on --through v3");
        refused(
                DISTILL.replace("/student", "/nobody"),
                "start-from: there is nothing at file:",
                "/nobody; check the path, and the -D values that it is made of",
                "tokenizer: there is nothing at file:");
        refused(
                DISTILL.replace("max-length: 64", "max-length: 97"),
                "max-length: 97 is more than the student's context of 96 tokens; use at most that");
        TinyModels.tokenizer(folder.resolve("larger/tokenizer.model"));
        refused(
                DISTILL + "tokenizer: ${folder}/larger/tokenizer.model\nround: 9\n",
                "/larger/tokenizer.model has 300 pieces, but file:",
                "/student has vocab_size 298; give the tokenizer that the model was trained with",
                "round: got 9");
        refused(
                DISTILL + "round: 1\nvalidation: {held-out-fraction: 0.0001}\n",
                "validation.held-out-fraction: 1.0E-4 of 9 responses holds none out; raise it, or set it to 0");
        refused(
                DISTILL.replace("/run", "/silent"),
                "from: file:",
                "/silent/v1/select/selected has nothing to learn: of 1 responses 0 have a text, and 0 are held out");
        refused(DISTILL + "rounds: 1\n", "rounds: unknown key; did you mean round?");
    }

    private static void refused(String recipe, String... messages) throws IOException {
        Shell shell = distill("refused", recipe);
        assertThat(shell.exit()).as(shell.out()).isEqualTo(2);
        assertThat(shell.err()).contains(messages);
        assertThat(folder.resolve("refused"))
                .as("the mended recipe can have it")
                .doesNotExist();
    }

    @Test
    void anotherTokenizerUnderTheSameNameIsNoticed() throws IOException {
        Path own = Files.createDirectories(folder.resolve("own"));
        Path file = Files.copy(folder.resolve("student/tokenizer.model"), own.resolve("tokenizer.model"));
        String recipe = DISTILL + "tokenizer: ${folder}/own/tokenizer.model\n";
        figures(distill("retokenised", recipe));
        Files.delete(folder.resolve("retokenised/distill/_done.json"));
        var words = BpeTrainer.countWords(List.of("the small dog says what it knows", "[INST] a [/INST]"));
        Files.write(file, BpeTrainer.train(words, BpeOptions.llama(290)).toModelFile());
        Shell refused = distill("retokenised", recipe);
        assertThat(refused.exit()).isEqualTo(2);
        assertThat(refused.err())
                .contains("/own/tokenizer.model has changed since file:")
                .contains("/retokenised/tokenise/examples was made with it: found EncodingIdentity[")
                .contains("put the old one back, or give --output a new folder");
    }
}
