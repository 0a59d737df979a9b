package org.hone.model.tensor;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets this process end between native calls and not within one. At its end, after an ordinary SIGTERM or Ctrl-C too, the C++
 * libraries destroy what they share between calls (oneDNN its kernels), and one that still runs then dies with SIGSEGV and a
 * report of the crash. The virtual machine waits some 0.3 s for threads in native code; going back through a large block takes longer.
 */
final class NativeCalls {
    /** Schedulers that end a process send SIGKILL 10 s (Docker) or 30 s (Kubernetes) after SIGTERM. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(8);

    private static final LongAdder BEGUN = new LongAdder();
    private static final LongAdder ENDED = new LongAdder();
    private static volatile boolean processEnds;

    private NativeCalls() {}

    /** Lets the process end in this way from now on; once is enough. */
    static void awaitAtExit() {
        Runtime.getRuntime().addShutdownHook(new Thread(NativeCalls::await, "native calls"));
    }

    /** Where a call begins. Once the process ends it never returns. */
    static void begin() {
        BEGUN.increment();
        if (processEnds) {
            ENDED.increment();
            while (true) {
                LockSupport.park();
                Thread.interrupted(); // or the next park would return at once
            }
        }
    }

    static void end() {
        ENDED.increment();
    }

    private static void await() {
        processEnds = true;
        long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (underWay() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Those that have ended are counted first: equal sums then mean that there was a moment without any. */
    private static boolean underWay() {
        long ended = ENDED.sum();
        return BEGUN.sum() != ended;
    }
}
