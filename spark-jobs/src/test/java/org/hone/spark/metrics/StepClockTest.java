package org.hone.spark.metrics;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class StepClockTest {
    private final AtomicLong now = new AtomicLong(5_000_000_000L);
    private final StepClock clock = new StepClock(now::get);

    private void spend(StepClock.Phase phase, double seconds) {
        clock.enter(phase);
        now.addAndGet((long) (seconds * 1e9));
    }

    @Test
    void everySecondBelongsToOnePhaseAndOneStep() {
        spend(StepClock.Phase.DATA, 1);
        spend(StepClock.Phase.COMPUTE, 6);
        spend(StepClock.Phase.COMMUNICATION, 2);
        spend(StepClock.Phase.COMPUTE, 1);
        assertThat(clock.lap()).isEqualTo(new StepClock.Lap(10, 0.7));
        spend(StepClock.Phase.CHECKPOINT, 3);
        spend(StepClock.Phase.COMPUTE, 1);
        assertThat(clock.lap()).isEqualTo(new StepClock.Lap(4, 0.25));
        assertThat(clock.total()).isEqualTo(new StepClock.Lap(14, 8.0 / 14));
        assertThat(clock.lap()).isEqualTo(new StepClock.Lap(0, 0));
    }
}
