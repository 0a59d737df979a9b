package org.hone.spark.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.SparkSession;
import org.hone.spark.run.StageReport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(900)
@SuppressWarnings("NullAway.Init") // JUnit sets the fields
final class RoundIT {
    private static final List<String> TRAINED = List.of(
            "pretrain",
            "v1/sft",
            "v1/reward-model-helpfulness",
            "v1/reward-model-safety",
            "v1/fine-tune",
            "v2/reward-model-helpfulness",
            "v2/fine-tune");

    private static final Map<String, List<String>> TABLES = new HashMap<>();

    @TempDir
    private static Path folder;

    private static Path alone;
    private static Map<String, StageReport> undisturbed;

    @BeforeAll
    static void runUndisturbed() throws IOException {
        alone = folder.resolve("alone");
        try (SparkSession spark = SmallRound.embedded()) {
            undisturbed = SmallRound.run(spark, alone, 1);
            SmallRound.TABLES.keySet().forEach(table -> TABLES.put(table, SmallRound.rows(spark, alone, table)));
            assertThat(SmallRound.run(spark, alone, 1))
                    .as("the second run does nothing")
                    .isEqualTo(undisturbed);
        }
    }

    @Test
    void theNotebookShowsTheRun() throws Exception {
        try (SparkSession spark = SmallRound.embedded()) {
            NotebookTour.check(spark, alone, undisturbed);
        }
    }

    @Test
    void executorsRestartsAndKillsChangeNothing() throws Exception {
        assertThat(TABLES.get("v2/sample/candidates")).hasSize(60);
        try (SparkSession spark = SmallRound.twoExecutors()) {
            Path disturbed = folder.resolve("disturbed");
            String firstCheckpoint = "checkpoints/step-000000000002/state.json";
            try (ExecutorKiller killer = new ExecutorKiller(List.of(
                    disturbed.resolve("v1/reward-model-helpfulness").resolve(firstCheckpoint),
                    disturbed.resolve("v2/fine-tune").resolve(firstCheckpoint)))) {
                compare(spark, disturbed);
                assertThat(killer.killed()).as("executors killed").isEqualTo(2);
            }
        }
    }

    /** Two ranks on two processes end with the very bits of one rank: weights, samples, scores, selection. */
    private static void compare(SparkSession spark, Path run) {
        Map<String, StageReport> reports = SmallRound.run(spark, run, 2);
        for (String stage : TRAINED) {
            assertThat(figure(reports, stage, "ranks")).as(stage).isEqualTo(2);
            assertThat(figure(reports, stage, "weights_sha256"))
                    .as(stage)
                    .isEqualTo(figure(undisturbed, stage, "weights_sha256"));
        }
        for (String table : SmallRound.TABLES.keySet()) {
            assertThat(SmallRound.rows(spark, run, table)).as(table).isEqualTo(TABLES.get(table));
        }
    }

    private static Object figure(Map<String, StageReport> reports, String stage, String name) {
        return Objects.requireNonNull(
                Objects.requireNonNull(reports.get(stage), stage).figures().get(name), name);
    }
}
