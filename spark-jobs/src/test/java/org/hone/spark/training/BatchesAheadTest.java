package org.hone.spark.training;

import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class BatchesAheadTest {
    private static GlobalBatch batch(long step) {
        return new GlobalBatch(List.of(), new GlobalBatch.Counts(step, 0), 0);
    }

    @Test
    void theNextBatchIsReadWhileOneIsComputedAndNoneBehindTheLast() throws InterruptedException {
        ConcurrentSkipListSet<Long> read = new ConcurrentSkipListSet<>();
        Semaphore done = new Semaphore(0);
        try (BatchesAhead batches = new BatchesAhead(
                step -> {
                    read.add(step);
                    done.release();
                    return batch(step);
                },
                3,
                6)) {
            assertThat(batches.next().weight()).isEqualTo(3);
            assertThat(done.tryAcquire(2, 10, TimeUnit.SECONDS)).isTrue();
            assertThat(read).containsExactly(3L, 4L);
            assertThat(batches.next().weight()).isEqualTo(4);
            assertThat(batches.next().weight()).isEqualTo(5);
        }
        assertThat(read).containsExactly(3L, 4L, 5L);
    }

    @Test
    void aFailureComesWithItsBatchAndNotBefore() {
        try (BatchesAhead batches = new BatchesAhead(
                step -> {
                    if (step == 1) {
                        throw new IllegalArgumentException("the shard is cut off");
                    }
                    return batch(step);
                },
                0,
                4)) {
            assertThat(batches.next().weight()).isZero();
            assertThatThrownBy(batches::next)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the shard is cut off");
        }
    }

    @Test
    void anInterruptedTaskDoesNotWait() {
        Semaphore never = new Semaphore(0);
        try (BatchesAhead batches = new BatchesAhead(
                step -> {
                    never.acquireUninterruptibly();
                    return batch(step);
                },
                0,
                1)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(batches::next).hasMessage("interrupted while a batch was read");
            assertThat(Thread.interrupted()).as("Spark asks for it").isTrue();
        } finally {
            never.release();
        }
    }
}
