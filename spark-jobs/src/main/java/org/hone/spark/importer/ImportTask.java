package org.hone.spark.importer;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import org.hone.data.importer.Imported;
import org.hone.data.importer.QuarantineReason;
import org.hone.spark.raw.RawFiles;
import org.hone.spark.raw.RawRecord;
import org.hone.spark.raw.Records;
import org.jspecify.annotations.Nullable;

/**
 * Reads a chunk, record by record.
 *
 * @param hadoop the file systems' configuration
 */
record ImportTask(SerializableConfiguration hadoop) implements Serializable {
    /** The chunk's rows in {@link Landing}, the last of them the count of its records. */
    Iterator<Row> read(ImportChunk chunk) {
        return new Rows(chunk);
    }

    /** Rows are made as they are asked for. Whatever breaks becomes a row of the quarantine, never an exception. */
    private final class Rows implements Iterator<Row> {
        private final ImportChunk chunk;
        private final Deque<Row> ready = new ArrayDeque<>();
        private @Nullable Records records;
        private long read;
        private long last;
        private boolean ended;

        Rows(ImportChunk chunk) {
            this.chunk = chunk;
            this.last = chunk.chunk().firstRecord() - 1;
            TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> close());
        }

        @Override
        public boolean hasNext() {
            while (ready.isEmpty() && !ended) {
                advance();
            }
            return !ready.isEmpty();
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException(chunk.chunk().file() + " has no further record");
            }
            return ready.remove();
        }

        private void advance() {
            try {
                Records open = records;
                if (open == null) {
                    open = RawFiles.open(chunk.chunk(), hadoop.value());
                    records = open;
                }
                RawRecord record = open.next();
                if (record == null) {
                    end();
                } else {
                    read(record);
                }
            } catch (IOException e) {
                unreadable(e);
            }
        }

        private void read(RawRecord record) {
            read++;
            last = record.number();
            Lineage at = at(record.number());
            if (record instanceof RawRecord.Broken broken) {
                ready.add(
                        LandingRow.refused(broken.reason().name(), broken.detail(), chunk.source(), at, broken.raw()));
                return;
            }
            RawRecord.Parsed parsed = (RawRecord.Parsed) record;
            List<Imported> imported =
                    chunk.format().read(parsed.value(), chunk.source().name());
            for (int part = 0; part < imported.size(); part++) {
                Imported row = imported.get(part);
                boolean keepsRaw = row instanceof Imported.Refused || row instanceof Imported.Graded;
                ready.add(LandingRow.of(row, chunk.source(), at.part(part), keepsRaw ? parsed.raw() : ""));
            }
        }

        /** What cannot be read counts as one record: the one at which reading ended. */
        private void unreadable(IOException error) {
            read++;
            last++;
            ready.add(LandingRow.refused(
                    QuarantineReason.UNREADABLE_FILE.name(),
                    "the file " + RawFiles.damage(last, error)
                            + "; it is cut off or not what its name says: fetch it again and import it once more",
                    chunk.source(),
                    at(last),
                    ""));
            end();
        }

        private void end() {
            ended = true;
            ready.add(LandingRow.counted(chunk.source(), at(read)));
            close();
        }

        private Lineage at(long record) {
            return new Lineage(chunk.chunk().file(), record, 0, chunk.format().name());
        }

        private void close() {
            Records open = records;
            records = null;
            if (open != null) {
                try {
                    open.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(chunk.chunk().file() + ": cannot be closed: " + e.getMessage(), e);
                }
            }
        }
    }
}
