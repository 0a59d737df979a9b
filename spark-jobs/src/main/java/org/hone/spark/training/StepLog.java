package org.hone.spark.training;

import java.io.IOException;
import org.apache.hadoop.fs.FSError;
import org.hone.spark.metrics.EventLog;
import org.hone.spark.metrics.MetricsTable;
import org.hone.spark.metrics.StepMetrics;
import org.hone.spark.run.Storage;
import org.hone.spark.session.ProgressAccumulator;
import org.jspecify.annotations.Nullable;

/** Where a rank tells what its steps showed: rank 0 to the progress line, the table and TensorBoard, the others nowhere. */
interface StepLog extends AutoCloseable {
    /** Goes on behind a checkpoint's steps, 0 for none. */
    static StepLog open(TrainingJob job, int rank, long done, ProgressAccumulator progress) throws IOException {
        if (rank != 0) {
            return new Silent();
        }
        Storage storage = new Storage(job.hadoop().value());
        return new Told(
                new ProgressLine(progress, done),
                MetricsTable.open(storage, job.metrics(), done),
                EventLog.open(storage, job.events(), done));
    }

    /** Tells of a step. What cannot be written is said by {@link #commit}, where all ranks can end together. */
    void add(StepMetrics metrics);

    /** Whatever happens to this process afterwards, what was added stays. */
    void commit() throws IOException;

    @Override
    void close() throws IOException;

    /** Of a rank that says nothing. */
    record Silent() implements StepLog {
        @Override
        public void add(StepMetrics metrics) {}

        @Override
        public void commit() {}

        @Override
        public void close() {}
    }

    /** Of rank 0. */
    final class Told implements StepLog {
        private static final long SHOWN_EVERY_NANOS = 5_000_000_000L;

        private final ProgressLine line;
        private final MetricsTable table;
        private final EventLog events;
        private long shown = System.nanoTime();
        private @Nullable IOException problem;

        Told(ProgressLine line, MetricsTable table, EventLog events) {
            this.line = line;
            this.table = table;
            this.events = events;
        }

        @Override
        public void add(StepMetrics metrics) {
            line.show(metrics);
            if (problem != null) {
                return;
            }
            try {
                write(metrics);
            } catch (IOException e) {
                problem = e;
            } catch (FSError e) { // Hadoop's word for a local disk's IOException
                problem = new IOException(String.valueOf(e.getMessage()), e);
            }
        }

        private void write(StepMetrics metrics) throws IOException {
            table.add(metrics);
            events.add(metrics);
            if (System.nanoTime() - shown > SHOWN_EVERY_NANOS) {
                shown = System.nanoTime();
                table.write();
                events.flush();
            }
        }

        @Override
        public void commit() throws IOException {
            if (problem != null) {
                throw problem;
            }
            table.write();
            events.commit();
        }

        @Override
        public void close() throws IOException {
            if (problem == null) {
                table.write();
                events.close();
                return;
            }
            try {
                events.close();
            } catch (IOException | FSError e) { // it says again what is known
                problem.addSuppressed(e);
            }
        }
    }
}
