package org.hone.spark.session;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Tasks of this process that were killed and have not ended. Spark's reaper ends an executor that has one, but never the process of
 * an embedded session: there a task that hangs keeps its slot, which Spark still counts.
 */
public final class HungTasks {
    private static final Set<TaskContext> RUNNING = ConcurrentHashMap.newKeySet();

    private HungTasks() {}

    /**
     * Counts a task, if it is killed, until it ends.
     *
     * @param task the task that calls
     */
    public static void watch(TaskContext task) {
        RUNNING.add(task);
        task.addTaskCompletionListener((TaskCompletionListener) ended -> RUNNING.remove(task));
    }

    /** {@return how many there are now; one that is about to end counts too} */
    static int count() {
        return (int) RUNNING.stream().filter(TaskContext::isInterrupted).count();
    }
}
