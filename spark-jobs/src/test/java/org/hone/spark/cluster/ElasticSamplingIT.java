package org.hone.spark.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.SparkSession;
import org.hone.spark.fixture.RoundToSample;
import org.hone.spark.stage.SampleStage;
import org.hone.spark.stage.ScoreStage;
import org.hone.spark.stage.StageContext;
import org.hone.spark.table.Table;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Sampling and scoring on a cluster that changes meanwhile. */
@Timeout(200)
@SuppressWarnings("NullAway.Init") // JUnit sets the fields
final class ElasticSamplingIT {
    private static final String RECIPE =
            "rejection-sampling: {prompts: 48, samples-per-prompt: 8, max-new-tokens: 48}\n";
    private static final int PROMPTS = 48;
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    @TempDir
    private static Path folder;

    private static List<String> candidates;
    private static List<String> scores;

    /** What a cluster does, as the driver hears it. */
    private static final class Heard extends SparkListener {
        private final AtomicInteger added = new AtomicInteger();
        private final AtomicInteger removed = new AtomicInteger();
        private final AtomicInteger speculative = new AtomicInteger();

        @Override
        public void onExecutorAdded(SparkListenerExecutorAdded executor) {
            added.incrementAndGet();
        }

        @Override
        public void onExecutorRemoved(SparkListenerExecutorRemoved executor) {
            removed.incrementAndGet();
        }

        @Override
        public void onTaskStart(SparkListenerTaskStart start) {
            if (start.taskInfo().speculative()) {
                speculative.incrementAndGet();
            }
        }

        void await(AtomicInteger count, int atLeast) {
            long until = System.nanoTime() + PATIENCE_NANOS;
            while (count.get() < atLeast && System.nanoTime() < until) {
                LockSupport.parkNanos(20_000_000);
            }
        }
    }

    @BeforeAll
    static void runUndisturbed() throws IOException {
        try (SparkSession spark = SmallRound.embedded()) {
            StageContext context = round(spark, "undisturbed");
            new SampleStage().run(context);
            new ScoreStage().run(context);
            candidates = rows(context, SampleStage.CANDIDATES);
            scores = rows(context, ScoreStage.SCORES);
        }
        assertThat(candidates).hasSize(PROMPTS * 8);
        assertThat(scores).hasSize(PROMPTS * 8);
    }

    /**
     * A machine that is ten times slower than the other: its tasks are begun again elsewhere, and what both sample is kept once. If
     * it is too slow to end the task that has lost, the reaper ends the executor; that is as harmless.
     */
    @Test
    void speculationSamplesNothingTwice() throws Exception {
        Map<String, String> settings = Map.of(
                "spark.speculation", "true",
                "spark.speculation.interval", "50ms",
                "spark.speculation.quantile", "0.5",
                "spark.speculation.multiplier", "1.1");
        try (TwoHosts cluster = new TwoHosts(folder);
                SparkSession spark = SmallRound.on(cluster, settings)) {
            StageContext context = round(spark, "speculation");
            Heard heard = listen(spark);
            try (SlowExecutor slow = SlowExecutor.any()) {
                assertThat(slow.isHeldUp()).isTrue();
                new SampleStage().run(context);
                new ScoreStage().run(context);
            }
            assertThat(heard.speculative).as("tasks begun again").hasPositiveValue();
            assertThat(rows(context, SampleStage.CANDIDATES)).isEqualTo(candidates);
            assertThat(rows(context, ScoreStage.SCORES)).isEqualTo(scores);
        }
    }

    /** Executors come when there is something to do, leave when there is not, and come again. */
    @Test
    void executorsComeAndGo() throws Exception {
        Map<String, String> settings = Map.of(
                "spark.dynamicAllocation.enabled", "true",
                "spark.dynamicAllocation.shuffleTracking.enabled", "true",
                "spark.dynamicAllocation.shuffleTracking.timeout", "1s",
                "spark.dynamicAllocation.minExecutors", "0",
                "spark.dynamicAllocation.maxExecutors", "2",
                "spark.dynamicAllocation.schedulerBacklogTimeout", "1s",
                "spark.dynamicAllocation.executorIdleTimeout", "1s",
                "spark.dynamicAllocation.cachedExecutorIdleTimeout", "1s");
        try (TwoHosts cluster = new TwoHosts(folder);
                SparkSession spark = SmallRound.on(cluster, settings)) {
            Heard heard = listen(spark);
            StageContext context = round(spark, "dynamic");
            new SampleStage().run(context);
            heard.await(heard.removed, 1);
            int addedBefore = heard.added.get();
            assertThat(heard.removed).as("executors that had nothing to do").hasPositiveValue();
            heard.await(heard.removed, addedBefore);
            assertThat(rows(context, SampleStage.CANDIDATES)).isEqualTo(candidates);
            assertThat(heard.added).as("executors that came to read").hasValueGreaterThan(addedBefore);
        }
    }

    private static StageContext round(SparkSession spark, String name) throws IOException {
        return new RoundToSample(spark, folder.resolve(name)).of("run", PROMPTS, RECIPE);
    }

    private static Heard listen(SparkSession spark) {
        Heard heard = new Heard();
        spark.sparkContext().addSparkListener(heard);
        return heard;
    }

    private static List<String> rows(StageContext context, Table table) {
        return context.read(table).orderBy("id").toJSON().collectAsList();
    }
}
