package org.hone.spark.metrics;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Where a rank's time goes. At any moment it is in one phase; entering another ends it. */
public final class StepClock {
    private static final double NANOS = 1e9;

    private final LongSupplier nanos;
    private final Map<Phase, Long> step = new EnumMap<>(Phase.class);
    private final Map<Phase, Long> total = new EnumMap<>(Phase.class);
    private Phase phase = Phase.DATA;
    private long since;

    /** What a rank can be busy with. */
    public enum Phase {
        /** Reading shards and cutting the batch. */
        DATA,
        /** Forward, backward, clipping, optimiser. */
        COMPUTE,
        /** Adding up over the ranks, and waiting for them. */
        COMMUNICATION,
        /** Evaluating on held-out rows. */
        EVALUATION,
        /** Writing a checkpoint, or waiting for rank 0 to write it. */
        CHECKPOINT
    }

    /**
     * What a step took.
     *
     * @param seconds since the step before
     * @param computeShare share of them that was computed in
     */
    public record Lap(double seconds, double computeShare) {}

    /** A clock that starts now. */
    public StepClock() {
        this(System::nanoTime);
    }

    StepClock(LongSupplier nanos) {
        this.nanos = nanos;
        this.since = nanos.getAsLong();
    }

    /**
     * Ends the phase that the rank is in.
     *
     * @param next the one that it enters
     */
    public void enter(Phase next) {
        long now = nanos.getAsLong();
        step.merge(phase, now - since, Long::sum);
        since = now;
        phase = next;
    }

    /**
     * Ends a step.
     *
     * @return what it took
     */
    public Lap lap() {
        enter(phase);
        Lap lap = lap(step);
        step.forEach((spent, time) -> total.merge(spent, time, Long::sum));
        step.clear();
        return lap;
    }

    /**
     * All steps together.
     *
     * @return what they took
     */
    public Lap total() {
        return lap(total);
    }

    private static Lap lap(Map<Phase, Long> spent) {
        long sum = spent.values().stream().mapToLong(Long::longValue).sum();
        return new Lap(sum / NANOS, sum == 0 ? 0 : (double) spent.getOrDefault(Phase.COMPUTE, 0L) / sum);
    }
}
