package org.hone.spark.shard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.spark.fixture.LocalSpark;
import org.hone.spark.run.Storage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class ShardsTest {
    private static final int ROWS = 2_500;

    private static SparkSession spark;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        spark = LocalSpark.start();
    }

    @AfterAll
    static void stop() throws IOException {
        spark.close();
    }

    /** Row i has the id row-i, the prompt 1, i, a response of i mod 3 tokens, and the margin i / 4. */
    private static Dataset<Row> rows(long count, int partitions) {
        return spark.range(0, count, 1, partitions)
                .selectExpr(
                        "concat('row-', id) as id",
                        "array(1, cast(id as int)) as prompt",
                        "array_repeat(7, cast(id % 3 as int)) as response",
                        "cast(id / 4 as float) as margin");
    }

    private static Storage storage() {
        return new Storage(spark.sparkContext().hadoopConfiguration());
    }

    private ShardManifest write(String name, Dataset<Row> rows, long seed) throws IOException {
        return ShardWriter.write(rows, storage(), folder.resolve(name).toString(), seed);
    }

    private ShardReader reader(String name) throws IOException {
        String path = folder.resolve(name).toString();
        return new ShardReader(
                path,
                ShardManifest.read(storage(), path),
                List.of("prompt", "response"),
                new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()));
    }

    private static List<String> ids(ShardReader reader, ShardManifest manifest) {
        List<String> ids = new ArrayList<>();
        for (int shard = 0; shard < manifest.shards().size(); shard++) {
            List<TokenRow> rows = reader.read(shard);
            assertThat(rows).hasSize(manifest.shards().get(shard).rows());
            rows.forEach(row -> ids.add(row.id()));
        }
        return ids;
    }

    @Test
    void theShardsAreTheSameForAnyPartitions() throws IOException {
        ShardManifest one = write("1", rows(ROWS, 1), 3);
        assertThat(one.shards()).extracting(ShardManifest.Shard::rows).containsExactly(2_048, 452);
        List<String> ids = ids(reader("1"), one);
        assertThat(new HashSet<>(ids)).hasSize(ROWS);
        // Of the last 452 rows a random shard of 2,048 has 370, and two standard deviations are 16.
        assertThat(ids.subList(0, 2_048).stream()
                        .filter(id -> Integer.parseInt(id.substring("row-".length())) >= 2_048)
                        .count())
                .as("a shard is a sample of all rows")
                .isBetween(330L, 410L);
        for (int partitions : new int[] {2, 7}) {
            ShardManifest manifest =
                    write(partitions + "", rows(ROWS, partitions).orderBy("margin"), 3);
            assertThat(ids(reader(partitions + ""), manifest)).isEqualTo(ids);
        }
        ShardManifest other = write("other", rows(ROWS, 1), 4);
        assertThat(ids(reader("other"), other)).isNotEqualTo(ids).hasSize(ROWS);
    }

    @Test
    void rowsComeBackAsTheyWere() throws IOException {
        write("small", rows(5, 2), 0);
        Map<String, TokenRow> byId = new java.util.HashMap<>();
        reader("small").read(0).forEach(row -> byId.put(row.id(), row));
        assertThat(byId).hasSize(5);
        TokenRow last = java.util.Objects.requireNonNull(byId.get("row-4"));
        assertThat(last.tokens(0)).containsExactly(1, 4);
        assertThat(last.tokens(1)).containsExactly(7);
        assertThat(last.margin()).isEqualTo(1f);
        assertThat(java.util.Objects.requireNonNull(byId.get("row-3")).tokens(1))
                .isEmpty();
    }

    @Test
    void anAlteredShardIsRefused() throws IOException {
        ShardManifest manifest = write("run", rows(20, 1), 0);
        Path file = folder.resolve("run").resolve(manifest.shards().get(0).file());
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.delete(file.resolveSibling("." + file.getFileName() + ".crc")); // other file systems have none
        Files.write(file, bytes);
        ShardReader reader = reader("run");
        assertThatThrownBy(() -> reader.read(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(file.getFileName() + ": checksum ")
                .hasMessageContaining(
                        "the manifest says " + manifest.shards().get(0).sha256())
                .hasMessageContaining("delete the stage's folder and run again");
    }

    @Test
    void noRowsAtAllIsAnError() {
        assertThatThrownBy(() -> write("none", rows(0, 1), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there is no row to train on");
    }
}
