package org.hone.spark.session;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class TogetherTest {
    private final CyclicBarrier bothHaveBegun = new CyclicBarrier(2);

    @Test
    void whatComesOfEachIsInTheirOrderThoughTheyRunAtOnce() throws IOException {
        assertThat(Together.of(List.of(() -> met("first"), () -> met("second"))))
                .containsExactly("first", "second");
    }

    @Test
    void aFailureIsThrownAsItWasOnceTheOthersHaveEnded() {
        AtomicBoolean ended = new AtomicBoolean();
        IllegalArgumentException failure = new IllegalArgumentException("there is no row");
        assertThatThrownBy(() -> Together.run(
                        () -> {
                            met("");
                            throw failure;
                        },
                        () -> {
                            met("");
                            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
                            ended.set(true);
                        }))
                .isSameAs(failure);
        assertThat(ended).isTrue();

        IOException unwritten = new IOException("the disk is full");
        assertThatThrownBy(() -> Together.run(() -> {
                    throw unwritten;
                }))
                .isSameAs(unwritten);
    }

    @Test
    void anInterruptionEndsTheWaiting() {
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Together.run(() -> interrupted.set(met("").isEmpty())))
                .isInstanceOf(InterruptedIOException.class)
                .hasMessage("interrupted while queries ran");
        // the flag stays for whoever asks next
        assertThat(Thread.interrupted()).isTrue();
        assertThat(interrupted).isFalse();
    }

    /** Waits until both pieces have come here. */
    private String met(String result) {
        try {
            bothHaveBegun.await(10, TimeUnit.SECONDS);
            return result;
        } catch (Exception e) {
            throw new IllegalStateException("the other piece has not begun", e);
        }
    }
}
