package org.hone.spark.session;

import org.apache.spark.util.AccumulatorV2;

/** Carries a task's newest {@link TaskProgress} to the driver on Spark's heartbeats. It is shown, never computed with. */
public final class ProgressAccumulator extends AccumulatorV2<TaskProgress, TaskProgress> {
    private static final long serialVersionUID = 1L;

    /** Written by the task's thread, read by the heartbeat's. */
    private volatile TaskProgress newest;

    /** Starts at nothing done. */
    public ProgressAccumulator() {
        this(TaskProgress.NONE);
    }

    private ProgressAccumulator(TaskProgress newest) {
        this.newest = newest;
    }

    @Override
    public boolean isZero() {
        // Spark shows an accumulator to the heartbeat before its own fields are read (SPARK-59451); what is
        // thrown there would end the heartbeats, and with them the executor
        return newest == null || newest.equals(TaskProgress.NONE);
    }

    @Override
    public AccumulatorV2<TaskProgress, TaskProgress> copy() {
        return new ProgressAccumulator(newest);
    }

    @Override
    public void reset() {
        newest = TaskProgress.NONE;
    }

    @Override
    public void add(TaskProgress progress) {
        newest = progress;
    }

    @Override
    public void merge(AccumulatorV2<TaskProgress, TaskProgress> other) {
        newest = other.value().done() > newest.done() ? other.value() : newest;
    }

    @Override
    public TaskProgress value() {
        return newest;
    }
}
