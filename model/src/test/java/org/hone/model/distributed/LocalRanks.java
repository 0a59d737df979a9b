package org.hone.model.distributed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Ranks as threads of this process, that talk over Gloo on the loopback interface or share its memory. */
public final class LocalRanks {
    private static final String LOOPBACK = "127.0.0.1";

    private LocalRanks() {}

    /** What a rank does. */
    @FunctionalInterface
    public interface Body<T> {
        /**
         * Runs as one rank.
         *
         * @param communicator the rank's
         * @return its result
         * @throws Exception if it fails
         */
        T run(Communicator communicator) throws Exception;
    }

    /** How ranks reach each other. */
    public enum Way {
        /** TCP. */
        GLOO,
        /** As threads. */
        SHARED_MEMORY
    }

    /**
     * Runs a body on every rank, over Gloo.
     *
     * @param size W
     * @param timeout of every wait
     * @param body what to run
     * @param <T> the result of a rank
     * @return the results in the order of the ranks
     */
    public static <T> List<T> run(int size, Duration timeout, Body<T> body) {
        return run(Way.GLOO, size, timeout, body);
    }

    /**
     * Runs a body on every rank.
     *
     * @param way how ranks reach each other
     * @param size W
     * @param timeout of every wait
     * @param body what to run
     * @param <T> the result of a rank
     * @return the results in the order of the ranks
     */
    public static <T> List<T> run(Way way, int size, Duration timeout, Body<T> body) {
        if (size == 1) {
            return List.of(call(() -> body.run(Communicator.single())));
        }
        if (way == Way.SHARED_MEMORY) {
            return join(size, rank -> Communicator.sharedMemory("test", rank, size, timeout), body);
        }
        try (Rendezvous rendezvous = Rendezvous.host(LOOPBACK, timeout)) {
            String address = rendezvous.address();
            return join(size, rank -> Communicator.gloo(address, "test", rank, size, LOOPBACK, timeout), body);
        }
    }

    private static <T> List<T> join(int size, IntFunction<Communicator> join, Body<T> body) {
        List<Callable<T>> tasks = new ArrayList<>();
        for (int rank = 0; rank < size; rank++) {
            int place = rank;
            tasks.add(() -> {
                try (Communicator communicator = join.apply(place)) {
                    // a rank that fails at once and leaves must not fail one that is still joining
                    communicator.barrier();
                    return body.run(communicator);
                }
            });
        }
        return all(tasks);
    }

    private static <T> List<T> all(List<Callable<T>> tasks) {
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> future : threads.invokeAll(tasks)) {
                results.add(future.get());
            }
            return results;
        } catch (ExecutionException problem) {
            if (problem.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(problem.getCause());
        } catch (InterruptedException problem) {
            throw new IllegalStateException(problem);
        } finally {
            threads.shutdownNow();
        }
    }

    private static <T> T call(Callable<T> task) {
        try {
            return task.call();
        } catch (RuntimeException problem) {
            throw problem;
        } catch (Exception problem) {
            throw new IllegalStateException(problem);
        }
    }
}
