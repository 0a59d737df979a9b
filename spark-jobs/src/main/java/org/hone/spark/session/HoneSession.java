package org.hone.spark.session;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.SparkSession;
import org.hone.spark.run.Storage;

/**
 * Spark with the settings that Hone's stages rely on. What spark-submit or a user has set is kept; without
 * a master the session runs embedded, on every core of this machine.
 */
public final class HoneSession {
    /** Read as {@code spark.*} keys; a reason stands beside each. */
    private static final Map<String, String> DEFAULTS = Map.ofEntries(
            // Kryo refuses what is not registered, so nothing unforeseen is ever deserialised.
            Map.entry("spark.serializer", "org.apache.spark.serializer.KryoSerializer"),
            Map.entry("spark.kryo.registrationRequired", "true"),
            Map.entry("spark.kryo.registrator", HoneKryoRegistrator.class.getName()),
            // A rank that hangs in native code frees its slot only when the reaper ends the executor.
            Map.entry("spark.task.reaper.enabled", "true"),
            Map.entry("spark.task.reaper.killTimeout", "10s"),
            // Barrier stages need all their slots at once, which dynamic allocation does not promise.
            Map.entry("spark.dynamicAllocation.enabled", "false"),
            // A barrier stage that cannot get its slots says so after seconds, not after hours.
            Map.entry("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "5s"),
            Map.entry("spark.scheduler.barrier.maxConcurrentTasksCheck.maxFailures", "3"),
            // Progress rides on the heartbeats.
            Map.entry("spark.executor.heartbeatInterval", "2s"),
            Map.entry("spark.ui.showConsoleProgress", "false"),
            Map.entry("spark.sql.session.timeZone", "UTC"),
            // Rows of long texts are joined with a few bytes a row: a map of those spares sorting the texts.
            Map.entry("spark.sql.adaptive.maxShuffledHashJoinLocalMapThreshold", "64m"),
            // What is kept for a stage has as many partitions as it needs, not as many as a cluster's shuffles have:
            // whatever reads it would pay a task for each again.
            Map.entry("spark.sql.optimizer.canChangeCachedPlanOutputPartitioning", "true"),
            // Delta Lake's history. Statistics of long texts help no query.
            Map.entry("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog"),
            Map.entry("spark.databricks.delta.properties.defaults.dataSkippingNumIndexedCols", "1"),
            // A log of a few hundred commits is not worth fifty tasks.
            Map.entry("spark.databricks.delta.snapshotPartitions", "4"),
            // A plan over the stage reports' columns is no reason for a warning on a user's terminal.
            Map.entry("spark.sql.debug.maxToStringFields", "200"),
            // libtorch keeps its own memory: one thread a slot, and no limit taken from the Java heap.
            Map.entry("spark.executorEnv.OMP_NUM_THREADS", "1"),
            Map.entry("spark.executorEnv.OPENBLAS_NUM_THREADS", "1"),
            Map.entry(
                    "spark.executor.extraJavaOptions",
                    "-Dorg.bytedeco.javacpp.maxbytes=0 -Dorg.bytedeco.javacpp.maxphysicalbytes=0"));

    private static final Duration PEERS = Duration.ofMinutes(2);
    /** A process that works can be silent for seconds: it collects garbage, or its machine is busy. */
    private static final Duration LEAST_SILENCE = Duration.ofSeconds(30);

    private static final String EXTENSIONS = "spark.sql.extensions";
    /** Delta Lake's writes; without it they fail, so it joins what a user has set. */
    private static final String DELTA = "io.delta.sql.DeltaSparkSessionExtension";

    private HoneSession() {}

    /**
     * The file systems as Spark's own settings name them ({@code HADOOP_CONF_DIR}, {@code spark.hadoop.*}), for what
     * must be known before Spark starts.
     *
     * @return the storage
     */
    public static Storage storage() {
        return new Storage(SparkHadoopUtil.get().newConfiguration(new SparkConf()));
    }

    /**
     * Starts Spark, or joins the session that runs.
     *
     * @param name the application's name
     * @return the session
     */
    public static SparkSession start(String name) {
        return start(name, PEERS);
    }

    /**
     * Starts Spark for ranks that wait for each other, or joins the session that runs.
     *
     * @param name the application's name
     * @param peers how long a rank waits for the others before it gives up
     * @return the session
     */
    public static SparkSession start(String name, Duration peers) {
        SparkConf conf = new SparkConf().setAppName(name).setIfMissing("spark.master", "local[*]");
        // Before the ranks have found each other they meet at Spark's own barrier, which waits for a year.
        conf.setIfMissing("spark.barrier.sync.timeout", Long.toString(peers.toSeconds()));
        // An executor that hangs as a whole keeps its slots until it has been silent for so long, and is then replaced.
        conf.setIfMissing(
                "spark.storage.blockManagerHeartbeatTimeoutMs",
                Long.toString(Math.max(peers.toMillis(), LEAST_SILENCE.toMillis())));
        conf.setIfMissing("spark.network.timeoutInterval", "10s");
        if (conf.get("spark.master").startsWith("local[")) {
            conf.setIfMissing("spark.ui.enabled", "false");
            conf.setIfMissing("spark.sql.shuffle.partitions", "8");
            conf.setIfMissing("spark.driver.host", "127.0.0.1");
            conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
        }
        DEFAULTS.forEach(conf::setIfMissing);
        conf.set(EXTENSIONS, withDelta(conf.get(EXTENSIONS, "")));
        return SparkSession.builder().config(conf).getOrCreate();
    }

    /**
     * Has queries interpreted: of tables of some thousand rows that takes less time than compiling them. Holds from the next query on.
     *
     * @param spark the session
     */
    public static void interpretQueries(SparkSession spark) {
        spark.conf().set("spark.sql.codegen.wholeStage", false);
        spark.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    }

    private static String withDelta(String extensions) {
        if (extensions.isBlank()) {
            return DELTA;
        }
        return List.of(extensions.split("\\s*,\\s*", -1)).contains(DELTA) ? extensions : extensions + "," + DELTA;
    }
}
