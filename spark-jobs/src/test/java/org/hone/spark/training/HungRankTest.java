package org.hone.spark.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.SparkSession;
import org.hone.spark.fixture.BrittleFiles;
import org.hone.spark.fixture.LocalSpark;
import org.hone.spark.fixture.SmallTraining;
import org.hone.spark.session.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(150)
final class HungRankTest {
    @TempDir
    private Path folder;

    /** Embedded, no executor can be ended in the place of a rank that hangs where no interrupt reaches it. */
    @Test
    void anEmbeddedRunGoesOnWithTheSlotsThatAreLeft() throws IOException {
        BrittleFiles.use();
        try (SparkSession spark = LocalSpark.start(2)) {
            SmallTraining training = new SmallTraining(spark, folder);
            Progress progress = Progress.of(spark);
            RankResult undisturbed = DistributedTrainer.run(spark, training.half("calm", "file:", 2), progress);
            AtomicInteger made = BrittleFiles.afterEachCheckpoint(
                    training.shards(), training.checkpoints("hung"), BrittleFiles.Trouble.HANG, 1);
            RankResult result = DistributedTrainer.run(spark, training.half("hung", "brittle:", 0), progress);
            assertThat(made).as("hung ranks").hasValue(1);
            assertThat(result.world()).isEqualTo(1);
            assertThat(result.resumedFrom()).isPositive();
            assertThat(result.weights()).isEqualTo(undisturbed.weights());
            assertThatThrownBy(() -> DistributedTrainer.run(spark, training.half("two", "file:", 2), progress))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("the cluster offers 1 slot (1 more is kept by what hangs)");
        }
    }
}
