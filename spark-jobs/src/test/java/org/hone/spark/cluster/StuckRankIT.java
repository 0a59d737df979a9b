package org.hone.spark.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import org.hone.spark.fixture.BrittleFiles;
import org.hone.spark.fixture.SmallTraining;
import org.hone.spark.session.Progress;
import org.hone.spark.training.DistributedTrainer;
import org.hone.spark.training.RankResult;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(200)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class StuckRankIT {
    @TempDir
    private static Path folder;

    private static SparkSession spark;
    private static SmallTraining training;
    private static Progress progress;
    private static RankResult undisturbed;

    /** What failed tasks say, as the driver hears it. */
    private static final class Reasons extends SparkListener {
        private final List<String> said = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void onTaskEnd(SparkListenerTaskEnd end) {
            if (!end.taskInfo().successful()) {
                said.add(end.reason().toString());
            }
        }
    }

    @BeforeAll
    static void trainUndisturbed() throws IOException {
        BrittleFiles.use();
        spark = SmallRound.twoExecutors();
        training = new SmallTraining(spark, folder);
        progress = Progress.of(spark);
        undisturbed = DistributedTrainer.run(spark, training.half("calm", "file:", 2), progress);
        assertThat(undisturbed.world()).isEqualTo(2);
    }

    @AfterAll
    static void stop() throws IOException {
        spark.close();
    }

    /** A rank that hangs where no interrupt reaches it: the others say so, its executor is ended, and the run goes on. */
    @Test
    @Order(1)
    void aStuckRankIsNoticedAndTheRunGoesOn() throws Exception {
        Reasons reasons = new Reasons();
        spark.sparkContext().addSparkListener(reasons);
        AtomicInteger made = BrittleFiles.afterEachCheckpoint(
                training.shards(), training.checkpoints("stuck"), BrittleFiles.Trouble.HANG, 1);
        long started = System.nanoTime();
        RankResult disturbed = DistributedTrainer.run(spark, training.half("stuck", "brittle:", 2), progress);
        double seconds = (System.nanoTime() - started) / 1e9;
        assertThat(made).as("stuck ranks").hasValue(1);
        assertThat(disturbed.weights()).isEqualTo(undisturbed.weights());
        assertThat(disturbed.resumedFrom()).isPositive();
        assertThat(reasons.said)
                .anySatisfy(reason -> assertThat(reason)
                        .containsPattern("rank [01] of 2 waited for (rank [01]|all ranks) ")
                        .contains("timeout 5000 ms"));
        assertThat(seconds)
                .as("five of waiting, ten until the executor is ended")
                .isBetween(5.0, 100.0);
        training.assertEveryStepIsToldOnce("stuck", SmallTraining.HALF);
    }

    /** A machine is gone and no other comes: Spark would wait for it for ever. */
    @Test
    @Order(2)
    void aRunGoesOnWithTheSlotsThatAreLeft() throws Exception {
        Path checkpoint = training.checkpoints("less").resolve("step-000000000004/state.json");
        Thread thread = new Thread(() -> {
            while (!Files.exists(checkpoint)) {
                LockSupport.parkNanos(1_000_000);
            }
            // and Spark asks for no other
            spark.sparkContext().killExecutor(executors().get(0));
        });
        thread.setDaemon(true);
        thread.start();
        RankResult less = DistributedTrainer.run(spark, training.half("less", "file:", 0), progress);
        assertThat(less.world()).isEqualTo(1);
        assertThat(less.resumedFrom()).isPositive();
        assertThat(less.weights()).isEqualTo(undisturbed.weights());
        training.assertEveryStepIsToldOnce("less", SmallTraining.HALF);
    }

    private static List<String> executors() {
        return CollectionConverters.asJava(spark.sparkContext().getExecutorIds());
    }
}
