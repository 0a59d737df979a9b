package org.hone.spark.session;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Work of the driver of which nothing waits for anything else: while one query is planned, the tasks of another have the slots. The
 * threads have the job description of the one that asks for it.
 */
public final class Together {
    private Together() {}

    /**
     * A piece of work.
     *
     * @param <T> what comes of it
     */
    @FunctionalInterface
    public interface Work<T> {
        /**
         * Does it.
         *
         * @return what came of it
         * @throws IOException if something cannot be read or written
         */
        T run() throws IOException;
    }

    /** A piece of work of which nothing comes but what it writes. */
    @FunctionalInterface
    public interface Action {
        /**
         * Does it.
         *
         * @throws IOException if something cannot be read or written
         */
        void run() throws IOException;
    }

    /**
     * Does all of it.
     *
     * @param actions what is to be done, at least one piece
     * @throws IOException as {@link #of} does
     */
    public static void run(Action... actions) throws IOException {
        List<Work<Boolean>> works = new ArrayList<>();
        for (Action action : actions) {
            works.add(() -> {
                action.run();
                return true;
            });
        }
        of(works);
    }

    /**
     * Does all of it.
     *
     * @param works what is to be done, at least one piece
     * @param <T> what comes of a piece
     * @return what came of each, in their order
     * @throws IOException if a piece threw it; of several failures the first in order, once every piece has ended
     */
    public static <T> List<T> of(List<Work<T>> works) throws IOException {
        ExecutorService threads = Executors.newFixedThreadPool(works.size(), work -> {
            Thread thread = new Thread(work, "together");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Callable<T>> calls = new ArrayList<>();
            works.forEach(work -> calls.add(work::run));
            List<T> results = new ArrayList<>();
            for (Future<T> done : threads.invokeAll(calls)) {
                results.add(done.get());
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while queries ran");
        } catch (ExecutionException e) {
            throw asThrown(e);
        } finally {
            threads.shutdownNow();
        }
    }

    /** The failure as the piece threw it. */
    private static IOException asThrown(ExecutionException failed) {
        if (failed.getCause() instanceof RuntimeException cause) {
            throw cause;
        }
        if (failed.getCause() instanceof Error cause) {
            throw cause;
        }
        return failed.getCause() instanceof IOException cause ? cause : new IOException(failed.getCause());
    }
}
