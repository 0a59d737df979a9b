package org.hone.spark.curation;

import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/** Intermediate results that are kept on the executors' disks, never in memory, until they are let go together. */
final class Held implements AutoCloseable {
    private final Deque<Dataset<Row>> kept = new ArrayDeque<>();

    Dataset<Row> keep(Dataset<Row> rows) {
        Dataset<Row> persisted = rows.persist(StorageLevel.DISK_ONLY());
        kept.push(persisted);
        return persisted;
    }

    @Override
    public void close() {
        while (!kept.isEmpty()) {
            kept.pop().unpersist();
        }
    }
}
