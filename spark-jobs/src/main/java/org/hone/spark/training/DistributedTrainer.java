package org.hone.spark.training;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.SparkSession;
import org.hone.spark.session.Progress;
import org.hone.spark.session.Slots;
import scala.Function1;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Runs a training job as a barrier stage. The stage stands behind a shuffle, because Spark retries a barrier
 * stage only there; a retried stage goes on from the newest checkpoint, as a resubmitted job does.
 */
public final class DistributedTrainer {
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
     */
    public static RankResult run(SparkSession spark, TrainingJob job, Progress progress) {
        SparkContext context = spark.sparkContext();
        int ranks = Slots.await(context, job.training().ranks(), job.training().gradientLanes());
        RankTask task = new RankTask(job, progress.begin(job.name(), job.totalSteps(), "steps"));
        try {
            List<RankResult> results =
                    new ArrayList<>(barrier(context, ranks, task).coalesce(1, true).collect().stream()
                            .map(RankResult::parse)
                            .toList());
            results.sort(Comparator.comparingInt(RankResult::rank));
            if (results.stream().map(RankResult::weights).distinct().count() != 1) {
                throw new IllegalStateException(job.name() + ": the ranks ended with different weights: " + results);
            }
            return results.get(0);
        } finally {
            progress.end();
        }
    }

    private static JavaRDD<String> barrier(SparkContext context, int ranks, RankTask task) {
        List<Integer> numbers = IntStream.range(0, ranks).boxed().toList();
        RDD<Integer> gang = JavaSparkContext.fromSparkContext(context)
                .parallelize(new ArrayList<>(numbers), ranks)
                .rdd();
        ClassTag<String> text = ClassTag$.MODULE$.apply(String.class);
        Body body = rank -> CollectionConverters.asScala(task.call(CollectionConverters.asJava(rank)));
        return JavaRDD.fromRDD(gang.barrier().mapPartitions(body, false, text), text);
    }

    /** A Scala function that Spark can ship. */
    private interface Body extends Function1<Iterator<Integer>, Iterator<String>>, java.io.Serializable {}
}
