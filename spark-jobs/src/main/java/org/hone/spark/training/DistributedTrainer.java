package org.hone.spark.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.SparkSession;
import org.hone.model.training.MemoryNeed;
import org.hone.spark.executor.MachineMemory;
import org.hone.spark.run.UnfinishedWorkException;
import org.hone.spark.session.Progress;
import org.hone.spark.session.SlotWatch;
import org.hone.spark.session.Slots;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Function1;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Runs a training job as a barrier stage. The stage stands behind a shuffle, because Spark retries a barrier
 * stage only there; a retried stage goes on from the newest checkpoint, as a resubmitted job does.
 *
 * <p>Spark retries a stage a few times in all. Here a job is submitted again for as long as each one gets further than
 * the one before, so that a long run on machines that come and go ends.
 */
public final class DistributedTrainer {
    private static final Logger LOG = LoggerFactory.getLogger(DistributedTrainer.class);

    private DistributedTrainer() {}

    /**
     * Trains, or goes on training.
     *
     * @param spark the session
     * @param job the job
     * @param progress where the work shows
     * @return what rank 0 reports
     * @throws IllegalArgumentException if the cluster has fewer slots than the job wants ranks
     * @throws IllegalStateException if the ranks end with different weights
     * @throws UnfinishedWorkException if the storage is full, or slots are lost and do not come back
     */
    public static RankResult run(SparkSession spark, TrainingJob job, Progress progress) {
        SparkContext context = spark.sparkContext();
        refuseAnotherRun(job);
        for (boolean begun = false; true; begun = true) {
            long from = reached(job);
            if (from > 0) {
                LOG.info("{}: going on from step {}", job.name(), from);
            }
            int ranks = ranks(context, job, begun);
            MemoryNeed need = need(job, ranks);
            LOG.info("{}: a rank needs {}: {}", job.name(), RankMemory.size(need.bytes()), RankMemory.told(need));
            if (context.isLocal()) {
                RankMemory.check(job.name(), need, ranks, MachineMemory.bytes());
            }
            String group = job.name() + "-" + UUID.randomUUID();
            SlotWatch watch =
                    SlotWatch.over(context, group, ranks, job.training().peerTimeout());
            RankTask task = new RankTask(job, progress.begin(job.name(), job.totalSteps(), "steps"));
            context.setJobGroup(group, description(job, ranks, from), false);
            try (watch) {
                return agreed(job, barrier(context, job.name(), ranks, task));
            } catch (IllegalStateException | UncheckedIOException | UnfinishedWorkException e) {
                throw e;
            } catch (Exception e) { // Spark throws its checked SparkException undeclared
                if (reached(job) == from && !watch.gaveUp()) {
                    throw e;
                }
                LOG.warn("{}: {}", job.name(), firstLine(e));
            } finally {
                context.clearJobGroup();
                progress.end();
                tellOfDamage(job, context);
            }
        }
    }

    private static int ranks(SparkContext context, TrainingJob job, boolean begun) {
        try {
            return Slots.await(context, job.training().ranks(), job.training().gradientLanes());
        } catch (IllegalArgumentException e) {
            if (begun) { // there were enough
                throw new UnfinishedWorkException(
                        job.name() + ": " + e.getMessage() + "; the same command then goes on", e);
            }
            throw e;
        }
    }

    /** What rank 0 has said in its own log. */
    private static void tellOfDamage(TrainingJob job, SparkContext context) {
        if (context.isLocal()) {
            return;
        }
        try {
            new Checkpoints(job)
                    .setAside()
                    .forEach((step, damage) -> LOG.warn(
                            "{}: the checkpoint of step {} is damaged and was passed over: {}",
                            job.name(),
                            step,
                            damage));
        } catch (IOException e) {
            LOG.warn("{}: {}", job.checkpoints(), e.getMessage());
        }
    }

    private static void refuseAnotherRun(TrainingJob job) {
        try {
            new Checkpoints(job).refuseAnotherRun();
        } catch (IOException e) {
            throw new UncheckedIOException(job.checkpoints() + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static String description(TrainingJob job, int ranks, long from) {
        return job.name() + ": " + ranks + (ranks == 1 ? " rank" : " ranks") + ", steps " + (from + 1) + " to "
                + job.totalSteps();
    }

    private static String firstLine(Exception problem) {
        return String.valueOf(problem.getMessage()).lines().findFirst().orElse("no message");
    }

    private static MemoryNeed need(TrainingJob job, int ranks) {
        try {
            return RankMemory.of(job, ranks);
        } catch (IOException e) {
            throw new UncheckedIOException(job.initialModel() + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** Steps of the newest checkpoint. */
    private static long reached(TrainingJob job) {
        try {
            return new Checkpoints(job).newest().orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(job.checkpoints() + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static RankResult agreed(TrainingJob job, JavaRDD<String> gang) {
        List<RankEnding> endings = gang.coalesce(1, true).collect().stream()
                .map(RankEnding::parse)
                .sorted(Comparator.comparingInt(RankEnding::rank))
                .toList();
        endings.forEach(ending -> refuseFullStorage(job, ending.full()));
        List<RankResult> results = endings.stream()
                .map(ending -> Objects.requireNonNull(ending.result()))
                .toList();
        if (results.stream().map(RankResult::weights).distinct().count() != 1) {
            throw new IllegalStateException(job.name() + ": the ranks ended with different weights: " + results);
        }
        return results.get(0);
    }

    private static void refuseFullStorage(TrainingJob job, @Nullable String problem) {
        if (problem != null && !problem.isEmpty()) {
            long whole = reached(job);
            String message = job.name() + ": " + problem + "; "
                    + (whole == 0
                            ? "no checkpoint was written before"
                            : "the checkpoint of step " + whole + " is whole")
                    + ". Make room for " + job.checkpoints()
                    + ", or lower training.checkpoints-to-keep; the same command"
                    + " then goes on" + (whole == 0 ? "." : " from step " + whole + ".");
            throw new UnfinishedWorkException(message, new IOException(problem));
        }
    }

    private static JavaRDD<String> barrier(SparkContext context, String name, int ranks, RankTask task) {
        List<Integer> numbers = IntStream.range(0, ranks).boxed().toList();
        RDD<Integer> gang = JavaSparkContext.fromSparkContext(context)
                .parallelize(new ArrayList<>(numbers), ranks)
                .setName("ranks of " + name)
                .rdd();
        ClassTag<String> text = ClassTag$.MODULE$.apply(String.class);
        Body body = rank -> CollectionConverters.asScala(task.call(CollectionConverters.asJava(rank)));
        return JavaRDD.fromRDD(gang.barrier().mapPartitions(body, false, text), text);
    }

    /** A Scala function that Spark can ship. */
    private interface Body extends Function1<Iterator<Integer>, Iterator<String>>, java.io.Serializable {}
}
