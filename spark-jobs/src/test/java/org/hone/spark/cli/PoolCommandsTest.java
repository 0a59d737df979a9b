package org.hone.spark.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.hone.data.dialogue.Dialogue;
import org.hone.spark.fixture.LocalSpark;
import org.hone.spark.fixture.TinyModels;
import org.hone.spark.table.CandidateTable;
import org.hone.spark.table.Columns;
import org.hone.spark.table.DataTables;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Sampling, scoring and selecting by themselves, with models of random weights. */
final class PoolCommandsTest {
    private static final int PROMPTS = 12;
    private static final int SAMPLES = 3;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void run() throws IOException {
        TinyModels.policy(folder.resolve("policy"), 1);
        TinyModels.rewardModel(folder.resolve("helpful"), 2);
        TinyModels.rewardModel(folder.resolve("safe"), 3);
        try (SparkSession spark = LocalSpark.start()) {
            List<Row> rows = new ArrayList<>();
            for (int i = 0; i < PROMPTS; i++) {
                Row prompt = RowFactory.create(Columns.turns(Dialogue.ofUser("the dog " + i)), i % 2 == 0);
                rows.add(prompt);
                // one that stands there twice is answered once
                rows.add(prompt);
            }
            spark.createDataFrame(rows, DataTables.ANY_PROMPTS)
                    .write()
                    .parquet(folder.resolve("prompts").toString());
        }
        shell(sample("sampled", "--seed", "4"));
        shell(score("scored", "helpfulness=" + folder.resolve("helpful"), "safety=" + folder.resolve("safe")));
        shell(select("selected", "--per-prompt", "2"));
    }

    private static String[] sample(String output, String... more) {
        return command(
                more,
                "sample",
                "-m",
                folder.resolve("policy").toString(),
                "--template",
                "plain",
                "-p",
                folder.resolve("prompts").toString(),
                "-n",
                "" + SAMPLES,
                "--max-new-tokens",
                "6",
                "-o",
                folder.resolve(output).toString());
    }

    private static String[] score(String output, String... models) {
        List<String> more = new ArrayList<>();
        for (String model : models) {
            more.add("-m");
            more.add(model);
        }
        return command(
                more.toArray(String[]::new),
                "score",
                "--template",
                "plain",
                "-c",
                folder.resolve("sampled/sample/candidates").toString(),
                "-o",
                folder.resolve(output).toString());
    }

    private static String[] select(String output, String... more) {
        return command(
                more,
                "select",
                "-c",
                folder.resolve("sampled/sample/candidates").toString(),
                "-s",
                folder.resolve("scored/score/scores").toString(),
                "-m",
                folder.resolve("policy").toString(),
                "--template",
                "plain",
                "-o",
                folder.resolve(output).toString());
    }

    private static String[] command(String[] more, String... first) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private static Shell shell(String... command) {
        Shell shell = Shell.run(command);
        assertThat(shell.exit()).as(shell.err()).isZero();
        return shell;
    }

    private static List<Row> read(String table, StructType schema) throws IOException {
        try (SparkSession spark = LocalSpark.start()) {
            return spark.read()
                    .schema(schema)
                    .parquet(folder.resolve(table).toString())
                    .collectAsList();
        }
    }

    @Test
    void everyPromptIsAnsweredAndScoredByBothModels() throws IOException {
        List<Row> candidates = read("sampled/sample/candidates", CandidateTable.CANDIDATES);
        assertThat(candidates).hasSize(PROMPTS * SAMPLES);
        assertThat(candidates).extracting(row -> row.<String>getAs("id")).doesNotHaveDuplicates();
        assertThat(candidates.stream().filter(row -> row.<Boolean>getAs("is_safety")))
                .hasSize(PROMPTS / 2 * SAMPLES);
        List<Row> scores = read("scored/score/scores", CandidateTable.SCORES);
        assertThat(scores)
                .extracting(row -> row.<String>getAs("id"))
                .containsExactlyInAnyOrderElementsOf(
                        candidates.stream().map(row -> row.<String>getAs("id")).toList());
        assertThat(scores).allSatisfy(row -> {
            assertThat(row.<String>getAs("helpfulness_model")).isNotEqualTo(row.<String>getAs("safety_model"));
            assertThat(row.<Double>getAs("reward")).isIn(row.<Double>getAs("helpfulness"), row.<Double>getAs("safety"));
        });
    }

    @Test
    void theBestOfEachPromptAreSelected() throws IOException {
        Map<String, List<Double>> all = new HashMap<>();
        for (Row row : read("scored/score/scores", CandidateTable.SCORES)) {
            all.computeIfAbsent(row.getAs("prompt_id"), id -> new ArrayList<>()).add(row.getAs("reward"));
        }
        Map<String, List<Double>> selected = new HashMap<>();
        for (Row row : read("selected/select/selected", CandidateTable.SCORED)) {
            selected.computeIfAbsent(row.getAs("prompt_id"), id -> new ArrayList<>())
                    .add(row.getAs("reward"));
        }
        assertThat(selected).hasSameSizeAs(all);
        all.forEach((prompt, rewards) -> assertThat(selected.get(prompt))
                .containsExactlyInAnyOrderElementsOf(rewards.stream()
                        .sorted((a, b) -> Double.compare(b, a))
                        .limit(2)
                        .toList()));
        assertThat(folder.resolve("selected/select/examples/_manifest.json")).isRegularFile();
    }

    @Test
    void saidAgainNothingIsDoneTwice() {
        Path marker = folder.resolve("sampled/sample/_done.json");
        long before = marker.toFile().lastModified();
        Shell again = shell(sample("sampled", "--seed", "4"));
        assertThat(again.out()).contains("candidates").contains("" + PROMPTS * SAMPLES);
        assertThat(marker.toFile().lastModified()).isEqualTo(before);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        refused("was started with another recipe", sample("sampled", "--seed", "5"));
        refused("--round: got 0, expected at least 1", sample("other", "--round", "0"));
        refused("--top-share: got 1.5, expected a share of at most 1", select("other", "--top-share", "1.5"));
        refused("there is nothing at", score("other", "helpfulness=" + folder.resolve("nowhere")));
        refused("which gives no rewards", score("other", "helpfulness=" + folder.resolve("policy")));
        refused(
                "no candidate was selected; lower select.least-reward (1000.0)",
                select("none", "--least-reward", "1000"));
        assertThat(folder.resolve("other")).doesNotExist();
    }

    private static void refused(String message, String... command) {
        Shell shell = Shell.run(command);
        assertThat(shell.exit()).isNotZero();
        assertThat(shell.err()).contains(message);
    }
}
