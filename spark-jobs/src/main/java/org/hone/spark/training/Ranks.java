package org.hone.spark.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.FSError;
import org.hone.model.distributed.Communicator;

/**
 * What can fail on one rank alone, writing above all, and what all must know of: they go on together if every one could, and
 * end together if not. Whoever went on without the others would wait for them until the timeout.
 *
 * @param communicator of the ranks
 */
record Ranks(Communicator communicator) {
    /** What a rank does. */
    interface Work {
        void run() throws IOException;
    }

    /** What a rank makes. */
    interface Maker<T> {
        T make() throws IOException;
    }

    /**
     * Every rank does it; a rank that has no part in it does nothing.
     *
     * @throws FullStorageException on every rank, if one has found its storage full
     * @throws IOException on every rank, if one could not do it
     */
    void all(Work work) throws IOException {
        made(() -> {
            work.run();
            return true;
        });
    }

    /** As {@link #all}, of something that each rank makes for itself. */
    <T> T made(Maker<T> maker) throws IOException {
        T made = null;
        IOException problem = null;
        try {
            made = maker.make();
        } catch (IOException e) {
            problem = e;
        } catch (UncheckedIOException e) {
            problem = new IOException(e.getMessage(), e);
        } catch (FSError e) { // Hadoop's word for a local disk's IOException
            problem = new IOException(String.valueOf(e.getMessage()), e);
        }
        boolean full = problem != null && FullStorageException.isCauseOf(problem);
        double[] found = communicator.allReduceSum(problem == null ? 0 : 1, full ? 1 : 0);
        if (found[1] > 0) {
            throw new FullStorageException(problem == null ? "" : String.valueOf(problem.getMessage()), problem);
        }
        if (made == null || found[0] > 0) {
            throw problem == null ? new IOException("another rank could not write; it says why") : problem;
        }
        return made;
    }
}
