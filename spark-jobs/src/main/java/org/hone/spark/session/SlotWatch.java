package org.hone.spark.session;

import java.time.Duration;
import org.apache.spark.SparkContext;

/**
 * Ends a barrier stage that waits for slots which the cluster has lost. Spark checks them when a job starts, but a stage
 * that it tries again, after an executor was lost that is not replaced, would wait for ever and say nothing.
 */
public final class SlotWatch implements AutoCloseable {
    private static final long POLL_MILLIS = 500;

    private final SparkContext spark;
    private final String group;
    private final int ranks;
    private final Duration patience;
    private volatile boolean closed;
    private volatile boolean gaveUp;

    private SlotWatch(SparkContext spark, String group, int ranks, Duration patience) {
        this.spark = spark;
        this.group = group;
        this.ranks = ranks;
        this.patience = patience;
    }

    /**
     * Watches until it is closed.
     *
     * @param spark the application
     * @param group the job group that is cancelled
     * @param ranks slots that it needs at once
     * @param patience how long they may be missing
     * @return the watch
     */
    public static SlotWatch over(SparkContext spark, String group, int ranks, Duration patience) {
        SlotWatch watch = new SlotWatch(spark, group, ranks, patience);
        Thread thread = new Thread(watch::watch, "slots of " + group);
        thread.setDaemon(true);
        thread.start();
        return watch;
    }

    /**
     * Whether the job was cancelled for want of slots.
     *
     * @return whether it was
     */
    public boolean gaveUp() {
        return gaveUp;
    }

    private void watch() {
        long enough = System.nanoTime();
        while (!closed && !spark.isStopped()) {
            int slots = Slots.available(spark);
            if (slots >= ranks) {
                enough = System.nanoTime();
            } else if (System.nanoTime() - enough > patience.toNanos()) {
                gaveUp = true;
                // again and again: a job that has not begun yet is not cancelled
                spark.cancelJobGroup(
                        group,
                        ranks + " ranks must run at once, but for " + patience.toSeconds()
                                + " s the cluster has offered only " + slots + (slots == 1 ? " slot" : " slots"));
            }
            pause();
        }
    }

    private void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
