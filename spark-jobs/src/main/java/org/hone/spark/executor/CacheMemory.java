package org.hone.spark.executor;

import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.hone.model.tensor.Memory;

/** How much of an executor's memory outside the Java heap a task may fill with keys and values of the tokens it samples. */
final class CacheMemory {
    private static final String OVERHEAD = "spark.executor.memoryOverhead";
    /** Of what is left; activations of a step and Spark's own buffers take the rest. */
    private static final int DIVISOR = 2;

    private static final long LEAST = 64L << 20;

    private CacheMemory() {}

    /**
     * The running task's share of what is left beside the heap and the weights, which must be loaded already.
     *
     * @return bytes
     */
    static long ofTask() {
        SparkConf conf = SparkEnv.get().conf();
        long machine = MachineMemory.bytes();
        long heap = Runtime.getRuntime().maxMemory();
        long allowed = conf.contains(OVERHEAD) ? heap + conf.getSizeAsBytes(OVERHEAD) : machine;
        int cores = conf.contains("spark.executor.cores")
                ? conf.getInt("spark.executor.cores", 1)
                : Runtime.getRuntime().availableProcessors();
        int slots = Math.max(1, cores / Math.max(1, TaskContext.get().cpus()));
        return of(Math.min(allowed, machine), heap, Memory.residentBytes(), slots);
    }

    /**
     * A task's share.
     *
     * @param allowed bytes that the process may have
     * @param heap the most of them that the heap may come to take
     * @param resident bytes that it has now, some of the heap among them
     * @param slots tasks that may run at once
     * @return bytes, at least 64 MiB
     */
    static long of(long allowed, long heap, long resident, int slots) {
        return Math.max(LEAST, (allowed - heap - resident) / DIVISOR / slots);
    }
}
