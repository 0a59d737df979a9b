package org.hone.spark.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.hone.spark.fixture.Lifetime;
import org.hone.spark.fixture.ObjectFiles;
import org.hone.spark.prepare.AuditTables;
import org.hone.spark.prepare.DataFolder;
import org.hone.spark.recipe.TableFormat;
import org.hone.spark.run.StageReport;
import org.hone.spark.table.TableStore;
import org.hone.spark.table.TableVersion;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** One preparation on the local disk, undisturbed, and others that have to end with the same rows. */
@Timeout(600)
final class PrepareIT {
    @TempDir
    private static Path folder;

    private static Map<String, StageReport> reports;
    private static Map<String, List<String>> expected;
    private static String audited;

    @BeforeAll
    static void prepareOnce() throws Exception {
        SmallData.write(folder.resolve("data"));
        try (SparkSession spark = SmallRound.embedded()) {
            reports = SmallData.prepare(spark, path("data"), path("one"), TableFormat.DELTA, 1);
            expected = SmallData.content(spark, path("data"), path("one"));
            audited = audit(spark, path("data"), path("one"));
        }
    }

    private static String path(String name) {
        return "file:" + folder.resolve(name);
    }

    private static String audit(SparkSession spark, String data, String root) throws IOException {
        DataFolder opened = DataFolder.open(spark, root, TableFormat.DELTA);
        return AuditTables.run(opened, SmallData.recipe(data).recipe())
                .toString()
                .replace(root, "");
    }

    @Test
    void rowsAddUp() {
        assertThat(expected)
                .containsKeys(
                        "tables/preferences", "tables/quarantine", "curated/removed", "curated/held-out", "curated/sft")
                .hasSizeGreaterThan(15);
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

    /** A name node and a data node in this process hold the raw files, the tables and the shards. */
    @Test
    void hdfsAndSevenPartitionsChangeNothing() throws Exception {
        Configuration hadoop = new Configuration();
        hadoop.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
        try (MiniDFSCluster hdfs =
                        new MiniDFSCluster.Builder(hadoop).numDataNodes(1).build();
                SparkSession spark = SmallRound.embedded()) {
            FileSystem files = hdfs.getFileSystem();
            String data = files.getUri() + "/data";
            String root = files.getUri() + "/prepared";
            files.copyFromLocalFile(new org.apache.hadoop.fs.Path(path("data")), new org.apache.hadoop.fs.Path(data));
            Map<String, StageReport> found = SmallData.prepare(spark, data, root, TableFormat.DELTA, 7);
            compare(found, SmallData.content(spark, data, root));
            assertThat(audit(spark, data, root)).isEqualTo(audited);
            Map<String, String> before = SmallData.state(spark, root);
            SmallData.prepare(spark, data, root, TableFormat.DELTA, 7);
            assertThat(SmallData.state(spark, root))
                    .as("the second run writes nothing")
                    .isEqualTo(before);
            assertThat(TableStore.of(TableFormat.DELTA, spark).history(root + "/tables/preferences"))
                    .extracting(TableVersion::note)
                    .containsExactly("import of ours, theirs, demos, prompts, books");
        }
    }

    /** The process dies again and again, each time in the middle of a write; what it had written stays as it is. */
    @Test
    void anObjectStoreAndKillsChangeNothing() throws Exception {
        ObjectFiles.use();
        try (SparkSession spark = SmallRound.embedded()) {
            String data = "objects:" + folder.resolve("data");
            String root = "objects:" + folder.resolve("objects");
            Map<String, StageReport> found = Map.of();
            int deaths = 0;
            spark.sparkContext().setLogLevel("OFF");
            for (int changes = 60; found.isEmpty(); changes *= 2) {
                Lifetime.dieAfter(changes);
                try {
                    found = SmallData.prepare(spark, data, root, TableFormat.PARQUET, 2);
                } catch (Exception e) {
                    assertThat(e).hasStackTraceContaining("the process was killed");
                    deaths++;
                }
                Lifetime.live();
                spark.catalog().clearCache();
                DeltaLog.clearCache();
            }
            spark.sparkContext().setLogLevel("WARN");
            assertThat(deaths).as("deaths").isGreaterThan(1);
            compare(found, SmallData.content(spark, data, root));
        }
    }

    @Test
    void executorsAndKillsChangeNothing() throws Exception {
        try (SparkSession spark = SmallRound.twoExecutors()) {
            Path two = folder.resolve("two");
            try (ExecutorKiller killer = new ExecutorKiller(
                    List.of(two.resolve("tables/preferences/_delta_log"), two.resolve("curated/helpfulness")))) {
                Map<String, StageReport> found =
                        SmallData.prepare(spark, path("data"), path("two"), TableFormat.DELTA, 2);
                compare(found, SmallData.content(spark, path("data"), path("two")));
                assertThat(killer.killed()).as("executors killed").isEqualTo(2);
            }
        }
    }

    private static void compare(Map<String, StageReport> found, Map<String, List<String>> tables) {
        assertThat(timeless(found)).isEqualTo(timeless(reports));
        assertThat(tables.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, rows) -> assertThat(tables.get(name)).as(name).isEqualTo(rows));
    }

    private static Map<String, Object> timeless(Map<String, StageReport> reports) {
        Map<String, Object> figures = new HashMap<>();
        reports.forEach(
                (step, report) -> report.figures().forEach((name, figure) -> figures.put(step + " " + name, figure)));
        figures.keySet().removeIf(name -> name.endsWith(" seconds"));
        return figures;
    }
}
