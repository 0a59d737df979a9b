package org.hone.spark.cluster;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.SparkSession;
import org.hone.spark.run.StageReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(900)
final class RoundIT {
    private static final List<String> TRAINED = List.of(
            "pretrain",
            "v1/sft",
            "v1/reward-model-helpfulness",
            "v1/reward-model-safety",
            "v1/fine-tune",
            "v2/reward-model-helpfulness",
            "v2/fine-tune");

    @TempDir
    private Path folder;

    @Test
    void executorsRestartsAndKillsChangeNothing() throws Exception {
        Map<String, List<String>> tables = new HashMap<>();
        Map<String, StageReport> undisturbed;
        Path alone = folder.resolve("alone");
        try (SparkSession spark = SmallRound.embedded()) {
            undisturbed = SmallRound.run(spark, alone, 1);
            SmallRound.TABLES.keySet().forEach(table -> tables.put(table, SmallRound.rows(spark, alone, table)));
            assertThat(SmallRound.run(spark, alone, 1))
                    .as("the second run does nothing")
                    .isEqualTo(undisturbed);
        }
        assertThat(tables.get("v2/sample/candidates")).hasSize(60);
        try (SparkSession spark = SmallRound.twoExecutors()) {
            Path disturbed = folder.resolve("disturbed");
            String firstCheckpoint = "checkpoints/step-000000000002/state.json";
            try (ExecutorKiller killer = new ExecutorKiller(List.of(
                    disturbed.resolve("v1/reward-model-helpfulness").resolve(firstCheckpoint),
                    disturbed.resolve("v2/fine-tune").resolve(firstCheckpoint)))) {
                compare(spark, disturbed, undisturbed, tables);
                assertThat(killer.killed()).as("executors killed").isEqualTo(2);
            }
        }
    }

    /** Two ranks on two processes end with the very bits of one rank: weights, samples, scores, selection. */
    private static void compare(
            SparkSession spark, Path run, Map<String, StageReport> expected, Map<String, List<String>> tables) {
        Map<String, StageReport> reports = SmallRound.run(spark, run, 2);
        for (String stage : TRAINED) {
            assertThat(figure(reports, stage, "ranks")).as(stage).isEqualTo(2);
            assertThat(figure(reports, stage, "weights_sha256"))
                    .as(stage)
                    .isEqualTo(figure(expected, stage, "weights_sha256"));
        }
        for (String table : SmallRound.TABLES.keySet()) {
            assertThat(SmallRound.rows(spark, run, table)).as(table).isEqualTo(tables.get(table));
        }
    }

    private static Object figure(Map<String, StageReport> reports, String stage, String name) {
        return Objects.requireNonNull(
                Objects.requireNonNull(reports.get(stage), stage).figures().get(name), name);
    }
}
