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

@Timeout(600)
final class PrepareIT {
    @TempDir
    private Path folder;

    @Test
    void partitionsExecutorsRestartsAndKillsChangeNothing() throws Exception {
        Path data = folder.resolve("data");
        SmallData.write(data);
        Map<String, List<String>> expected;
        Map<String, StageReport> reports;
        try (SparkSession spark = SmallRound.embedded()) {
            Path one = folder.resolve("one");
            reports = SmallData.prepare(spark, data, one, 1);
            expected = SmallData.content(spark, one);
            adds(reports);
            Path seven = folder.resolve("seven");
            compare(reports, expected, SmallData.prepare(spark, data, seven, 7), SmallData.content(spark, seven));
            Map<String, String> before = SmallData.state(seven);
            SmallData.prepare(spark, data, seven, 7);
            assertThat(SmallData.state(seven))
                    .as("the second run writes nothing")
                    .isEqualTo(before);
        }
        assertThat(expected)
                .containsKeys(
                        "tables/preferences", "tables/quarantine", "curated/removed", "curated/held-out", "curated/sft")
                .hasSizeGreaterThan(15);
        try (SparkSession spark = SmallRound.twoExecutors()) {
            Path two = folder.resolve("two");
            try (ExecutorKiller killer = new ExecutorKiller(
                    List.of(two.resolve("tables/preferences/_delta_log"), two.resolve("curated/helpfulness")))) {
                compare(reports, expected, SmallData.prepare(spark, data, two, 2), SmallData.content(spark, two));
                assertThat(killer.killed()).as("executors killed").isEqualTo(2);
            }
        }
    }

    private static void adds(Map<String, StageReport> reports) {
        StageReport read = Objects.requireNonNull(reports.get("import"));
        assertThat(read.number("rows"))
                .isEqualTo(read.number("preferences")
                        + read.number("sft")
                        + read.number("prompts")
                        + read.number("documents")
                        + read.number("quarantined"));
        assertThat(read.number("quarantined ours MALFORMED_JSON")).isEqualTo(1);
        StageReport curated = Objects.requireNonNull(reports.get("curate"));
        assertThat(curated.number("rows_in"))
                .isEqualTo(curated.number("training") + curated.number("held_out") + curated.number("removed"));
        assertThat(curated.number("removed")).isPositive();
    }

    private static void compare(
            Map<String, StageReport> expected,
            Map<String, List<String>> tables,
            Map<String, StageReport> reports,
            Map<String, List<String>> found) {
        assertThat(timeless(reports)).isEqualTo(timeless(expected));
        assertThat(found.keySet()).isEqualTo(tables.keySet());
        tables.forEach((name, rows) -> assertThat(found.get(name)).as(name).isEqualTo(rows));
    }

    private static Map<String, Object> timeless(Map<String, StageReport> reports) {
        Map<String, Object> figures = new HashMap<>();
        reports.forEach(
                (step, report) -> report.figures().forEach((name, figure) -> figures.put(step + " " + name, figure)));
        figures.keySet().removeIf(name -> name.endsWith(" seconds"));
        return figures;
    }
}
