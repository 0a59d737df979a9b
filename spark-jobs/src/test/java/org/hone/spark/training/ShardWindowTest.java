package org.hone.spark.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.spark.fixture.LocalSpark;
import org.hone.spark.fixture.Manifests;
import org.hone.spark.run.Storage;
import org.hone.spark.shard.GlobalOrder;
import org.hone.spark.shard.ShardManifest;
import org.hone.spark.shard.ShardReader;
import org.hone.spark.shard.ShardTarget;
import org.hone.spark.shard.ShardWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

final class ShardWindowTest {
    private static final long SHARD_BYTES = 4_000;

    @TempDir
    private Path folder;

    /** Two epochs over 20 shards and more: every row comes, and two shards are the most that is ever held. */
    @Test
    void aRankNeverHoldsMoreThanTwoShards() throws IOException {
        try (SparkSession spark = LocalSpark.start()) {
            var hadoop = new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
            String path = folder.resolve("shards").toString();
            ShardManifest manifest = ShardWriter.write(
                    spark.range(700)
                            .selectExpr(
                                    "concat('row-', id) as id",
                                    "array(1, cast(id as int)) as prompt",
                                    "array_repeat(7, cast(id % 30 as int)) as response"),
                    new ShardTarget(new Storage(hadoop.value()), path, 1, Manifests.ENCODING, SHARD_BYTES));
            assertThat(manifest.shards()).hasSizeGreaterThan(20);
            ShardWindow window =
                    new ShardWindow(new ShardReader(path, manifest, List.of("prompt", "response"), hadoop));
            GlobalOrder order = new GlobalOrder(manifest, 3, 16);
            List<String> ids = new ArrayList<>();
            long most = 0;
            for (long step = 0; step < 2 * order.stepsPerEpoch(); step++) {
                window.rows(order.batch(step)).forEach(row -> ids.add(row.id()));
                most = Math.max(most, window.tokensHeld());
            }
            assertThat(ids).hasSize(1_400);
            assertThat(ids.subList(0, 700))
                    .doesNotHaveDuplicates()
                    .containsExactlyInAnyOrderElementsOf(ids.subList(700, 1_400));
            assertThat(4 * most)
                    .isGreaterThan(SHARD_BYTES / 2)
                    .isLessThanOrEqualTo(ShardWindow.SHARDS_HELD * 4 * manifest.maxShardTokens())
                    .isLessThanOrEqualTo(ShardWindow.SHARDS_HELD * SHARD_BYTES);
        }
    }
}
