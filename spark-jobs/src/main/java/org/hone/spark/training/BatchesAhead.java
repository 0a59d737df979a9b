package org.hone.spark.training;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** The batches of some steps, in order: while one is computed, the next is read and divided into microbatches. */
final class BatchesAhead implements AutoCloseable {
    private final LongFunction<GlobalBatch> batches;
    private final long end;
    private final ExecutorService reader = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "batches ahead");
        thread.setDaemon(true);
        return thread;
    });
    private long step;
    private @Nullable Future<GlobalBatch> ahead;

    /**
     * Reads nothing yet.
     *
     * @param batches the batch of a step; called by one thread at a time, and never again once it failed
     * @param first the first step
     * @param end one behind the last
     */
    BatchesAhead(LongFunction<GlobalBatch> batches, long first, long end) {
        this.batches = batches;
        this.step = first;
        this.end = end;
    }

    /** The batch of the next step; waits for it if it is not there yet. What made it fail fails here. */
    GlobalBatch next() {
        Future<GlobalBatch> due = ahead == null ? read(step) : ahead;
        GlobalBatch batch = taken(due);
        step++;
        ahead = step < end ? read(step) : null;
        return batch;
    }

    private Future<GlobalBatch> read(long number) {
        return reader.submit(() -> batches.apply(number));
    }

    private static GlobalBatch taken(Future<GlobalBatch> due) {
        try {
            return due.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while a batch was read");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException problem) {
                throw problem;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        reader.shutdownNow();
    }
}
