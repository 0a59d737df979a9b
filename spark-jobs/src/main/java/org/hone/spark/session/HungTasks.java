package org.hone.spark.session;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Tasks of this process that were killed and have not ended. Spark's reaper ends an executor that has one, but never the process of
 * an embedded session: there a task that hangs keeps its slot, which Spark still counts.
 */
public final class HungTasks {
    /** With the application of each: a process may have several, one after the other. */
    private static final Map<TaskContext, String> RUNNING = new ConcurrentHashMap<>();

    private HungTasks() {}

    /**
     * Counts a task, if it is killed, until it ends.
     *
     * @param task the task that calls
     */
    public static void watch(TaskContext task) {
        RUNNING.put(task, SparkEnv.get().conf().getAppId());
        task.addTaskCompletionListener((TaskCompletionListener) ended -> RUNNING.remove(task));
    }

    /**
     * How many an application has now; one that is about to end counts too.
     *
     * @param spark the application
     * @return their number
     */
    static int count(SparkContext spark) {
        return (int) RUNNING.entrySet().stream()
                .filter(task -> task.getValue().equals(spark.applicationId()))
                .filter(task -> task.getKey().isInterrupted())
                .count();
    }
}
