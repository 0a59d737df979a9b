package org.hone.spark.training;

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

@Timeout(200)
final class DistributedTrainerTest {
    /** A stage has four attempts; a run has as many as it takes, if each one gets further. */
    private static final int FAILURES = 5;

    @TempDir
    private Path folder;

    @Test
    void aRunOutlivesMoreFailuresThanAStageDoes() throws Exception {
        BrittleFiles.use();
        try (SparkSession spark = LocalSpark.start()) {
            spark.sparkContext().setLogLevel("OFF");
            SmallTraining training = new SmallTraining(spark, folder);
            Progress progress = Progress.of(spark);
            RankResult undisturbed = DistributedTrainer.run(spark, training.half("calm", "file:", 2), progress);
            AtomicInteger made = BrittleFiles.afterEachCheckpoint(
                    training.shards(), training.checkpoints("rough"), BrittleFiles.Trouble.FAIL, FAILURES);
            RankResult disturbed = DistributedTrainer.run(spark, training.half("rough", "brittle:", 2), progress);
            assertThat(made).as("failures").hasValue(FAILURES);
            assertThat(disturbed.weights()).isEqualTo(undisturbed.weights());
            assertThat(disturbed.resumedFrom()).isPositive();
            assertThat(undisturbed.computeShare()).isBetween(0.01, 1.0);
            training.assertEveryStepIsToldOnce("calm", SmallTraining.HALF);
            training.assertEveryStepIsToldOnce("rough", SmallTraining.HALF);
            assertThat(spark.sparkContext().getLocalProperty("spark.jobGroup.id"))
                    .isNull();
        }
    }

    @Test
    void aRunThatDoesNotGetAnywhereFails() throws Exception {
        BrittleFiles.use();
        try (SparkSession spark = LocalSpark.start()) {
            spark.sparkContext().setLogLevel("OFF");
            TrainingJob job = new SmallTraining(spark, folder).job("none", "missing:", 2);
            assertThatThrownBy(() -> DistributedTrainer.run(spark, job, Progress.of(spark)))
                    .hasStackTraceContaining("No FileSystem for scheme \"missing\"");
        }
    }
}
