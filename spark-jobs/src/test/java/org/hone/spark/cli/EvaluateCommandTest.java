package org.hone.spark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.template.ChatTemplate;
import org.hone.data.template.ExampleEncoder;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.llama.RewardModel;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.InPlace;
import org.hone.spark.fixture.LocalSpark;
import org.hone.spark.fixture.TinyModels;
import org.hone.spark.run.ModelCard;
import org.hone.spark.sampling.PackedRewards;
import org.hone.spark.table.Columns;
import org.hone.spark.table.PreferenceTable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Tables of comparisons and reward models in; tables, a page and a summary out. */
@Timeout(300)
final class EvaluateCommandTest {
    private static final int PAIRS = 150;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void inputs() throws IOException {
        LocalSpark.useTwoSlots();
        for (String name : List.of("help", "safe")) {
            new ModelCard("plain", TinyModels.CONTEXT, null)
                    .write(TinyModels.rewardModel(folder.resolve(name), name.hashCode()));
        }
        try (SparkSession spark = LocalSpark.start()) {
            Dataset<Row> pairs = spark.createDataFrame(pairs(), PreferenceTable.SCHEMA);
            pairs.coalesce(1).write().parquet(folder.resolve("one").toString());
            pairs.repartition(5)
                    .write()
                    .format("delta")
                    .save(folder.resolve("five").toString());
            pairs.limit(0).write().parquet(folder.resolve("none").toString());
            pairs.select("id").write().parquet(folder.resolve("ids").toString());
        }
    }

    private static List<Row> pairs() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < PAIRS; i++) {
            rows.add(RowFactory.create(
                    "p" + i,
                    Columns.turns(Dialogue.ofUser("the dog " + "sleeps ".repeat(i % 30) + i)),
                    "the fox jumps ".repeat(i % 5),
                    "lazy " + i,
                    i % 3 == 0 ? "BETTER" : null,
                    i % 2 == 0 ? "BOTH_SAFE" : "CHOSEN_SAFE_OTHER_UNSAFE",
                    null,
                    i % 4 == 0 ? "foxes" : "dogs",
                    i % 7 == 0 ? null : i % 7,
                    null));
        }
        rows.add(rows.get(0));
        return rows;
    }

    private static Shell evaluate(String run, String... more) {
        List<String> arguments = new ArrayList<>(List.of("evaluate", "-o", at(run)));
        arguments.addAll(List.of(more));
        return Shell.run(arguments.toArray(String[]::new));
    }

    private static String at(String name) {
        return folder.resolve(name).toString();
    }

    private static List<Row> read(String path, String... order) throws IOException {
        try (SparkSession spark = LocalSpark.start()) {
            Dataset<Row> rows = spark.read().parquet(at(path));
            return rows.orderBy(Arrays.stream(order).map(functions::col).toArray(Column[]::new))
                    .collectAsList();
        }
    }

    @Test
    void everyModelScoresEveryPairAsItDoesAlone() throws IOException {
        Shell shell = evaluate("run", "-m", "help=" + at("help"), "-m", "safe=" + at("safe"), "-p", "dev=" + at("one"));
        assertThat(shell.err()).isEmpty();
        assertThat(shell.exit()).isZero();
        assertThat(shell.out()).contains("accuracy, %", "foxes", "week 6", "help / safe: same decision", "Page: file:");
        assertThat(Files.readString(folder.resolve("run/evaluation.html"))).contains("Agreement: help / safe");
        List<Row> rewards = read("run/rewards/set=dev/model=safe", "id");
        assertThat(rewards).hasSize(PAIRS);
        try (RewardModel model = HuggingFaceFolder.loadRewardModel(folder.resolve("safe"), Device.cpu());
                Tokenizer tokenizer = Tokenizer.open(folder.resolve("safe"))) {
            ExampleEncoder encoder = new ExampleEncoder(tokenizer, ChatTemplate.named("plain"), TinyModels.CONTEXT);
            Map<String, Row> pairs = new TreeMap<>();
            pairs().forEach(pair -> pairs.put(pair.getString(0), pair));
            for (Row row : rewards) {
                Row pair = Objects.requireNonNull(pairs.get(row.<String>getAs("id")));
                List<Row> turns = List.of(pair.<Row[]>getAs(1));
                var encoded = encoder.encode(
                        Dialogue.ofUser(turns.get(0).getString(1)), pair.getString(2), pair.getString(3));
                float[] alone = PackedRewards.of(
                        model,
                        List.of(List.of(
                                encoded.chosen().ids(), encoded.rejected().ids())));
                assertThat(row.<Double>getAs("chosen_reward")).isCloseTo(alone[0], within(1e-5));
                assertThat(row.<Double>getAs("rejected_reward")).isCloseTo(alone[1], within(1e-5));
                assertThat(row.<Integer>getAs("chosen_characters"))
                        .isEqualTo(pair.getString(2).length());
            }
        }
        assertThat(rewards).extracting(row -> row.getAs("chosen_reward")).doesNotContainNull();
        assertThat(read("run/figures.parquet", "figure"))
                .anySatisfy(row -> assertThat(row.<String>getAs("figure")).isEqualTo("gate_recall"));
    }

    @Test
    void partitionsAndFormatOfTheTableDecideNothing() throws IOException {
        String model = "help=" + at("help");
        Shell one = evaluate("from-one", "-m", model, "-p", "dev=" + at("one"));
        Shell five = evaluate("from-five", "-m", model, "-p", "dev=" + at("five"));
        assertThat(five.err()).isEmpty();
        assertThat(read("from-five/rewards/set=dev/model=help", "id"))
                .isEqualTo(read("from-one/rewards/set=dev/model=help", "id"));
        String[] order = {"figure", "baseline", "dimension", "group"};
        assertThat(read("from-five/figures.parquet", order)).isEqualTo(read("from-one/figures.parquet", order));
        assertThat(five.out().replace("from-five", "from-one")).isEqualTo(one.out());
    }

    @Test
    void aRunGoesOnAndKeepsItsScores() throws IOException {
        String[] arguments = {
            "-m", "help=" + at("help"), "-p", "dogs=" + at("one"), "--sources", "dogs=dogs", "--batch-tokens", "50"
        };
        Shell first = evaluate("again", arguments);
        assertThat(first.exit()).as(first.err()).isZero();
        Path marker = folder.resolve("again/rewards/set=dogs/model=help/_done.json");
        var written = Files.getLastModifiedTime(marker);
        Files.delete(folder.resolve("again/evaluation.html"));
        assertThat(evaluate("again", arguments).out()).isEqualTo(first.out());
        assertThat(Files.getLastModifiedTime(marker)).isEqualTo(written);
        assertThat(folder.resolve("again/evaluation.html")).exists();
        assertThat(first.out()).doesNotContain("foxes");
        Shell other =
                evaluate("again", "-m", "help=" + at("safe"), "-p", "dogs=" + at("one"), "--sources", "dogs=dogs");
        assertThat(other.exit()).isEqualTo(2);
        assertThat(other.err()).contains("reward-models.help.sha256: the run has", "give --output a new folder");
    }

    @Test
    void whatCannotBeEvaluatedIsRefused() throws IOException {
        String model = "help=" + at("help");
        refused("there is nothing at", "-m", "m=" + at("absent"), "-p", "dev=" + at("one"));
        refused("pairs dev: there is nothing at", "-m", model, "-p", "dev=" + at("absent"));
        refused("holds no comparisons; give a table with rows", "-m", model, "-p", "dev=" + at("none"));
        refused(
                "holds no comparisons of cats; its sources are dogs, foxes",
                "-m",
                model,
                "-p",
                "dev=" + at("one"),
                "--sources",
                "dev=cats");
        refused("column prompt is missing", "-m", model, "-p", "dev=" + at("ids"));
        refused("\"a/b\" cannot name reward models", "-m", "a/b=" + at("help"), "-p", "dev=" + at("one"));
        refused("--sources: no --pairs has the name \"x\"", "-m", model, "-p", "d=" + at("one"), "--sources", "x=y");
        Path policy = TinyModels.policy(folder.resolve("policy"), 1);
        refused("which gives no rewards", "-m", "m=" + policy, "-p", "dev=" + at("one"));
        Path bare = TinyModels.rewardModel(folder.resolve("bare"), 1);
        refused("does not say which template it was trained with", "-m", "m=" + bare, "-p", "dev=" + at("one"));
        Files.delete(bare.resolve(Tokenizer.SENTENCE_PIECE_FILE));
        refused("neither tokenizer.model nor tokenizer.json", "-m", "m=" + bare, "-p", "dev=" + at("one"));
    }

    private static void refused(String message, String... arguments) {
        Shell shell = evaluate("refused-" + Integer.toHexString(message.hashCode()), arguments);
        assertThat(shell.err()).contains(message);
        assertThat(shell.exit()).isEqualTo(2);
    }

    @Test
    void aModelThatHasDivergedIsToldSo() throws IOException {
        Path diverged = folder.resolve("diverged");
        try (RewardModel model = RewardModel.fromPolicy(TinyModels.llama(3), 4)) {
            InPlace.fill(Objects.requireNonNull(model.parameters().get("score.weight")), Double.NaN);
            HuggingFaceFolder.saveRewardModel(model, diverged, DataType.FLOAT32);
        }
        TinyModels.tokenizer(diverged.resolve(Tokenizer.SENTENCE_PIECE_FILE));
        Shell shell = evaluate("nan", "-m", "m=" + diverged, "--template", "m=plain", "-p", "dev=" + at("one"));
        assertThat(shell.err())
                .contains(
                        "reward model m: 150 of 150 comparisons of dev have a reward that is not a number", "p0 with");
        assertThat(shell.exit()).isEqualTo(2);
    }
}
