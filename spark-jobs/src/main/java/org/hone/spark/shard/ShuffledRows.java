package org.hone.spark.shard;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import org.hone.spark.table.Columns;

/**
 * Rows numbered 0, 1, 2, … by (hash of the seed and the id, id): the same numbers however the rows were partitioned. The
 * hash's top byte makes 256 buckets that are sorted in parallel; of the rows only the 256 counts come to the driver.
 */
final class ShuffledRows implements AutoCloseable {
    static final String POSITION = "position";

    private static final int BUCKETS = 256;
    private static final String BUCKET = "bucket";
    private static final String HASH = "hash";

    private final Dataset<Row> hashed;
    private final long count;
    private final Dataset<Row> rows;

    /** Computes the rows once and keeps them on the executors' disks until this is closed. */
    ShuffledRows(Dataset<Row> unordered, long seed) {
        hashed = unordered
                .withColumn(HASH, Columns.shuffled(seed, "id"))
                .withColumn(BUCKET, functions.expr("cast(shiftrightunsigned(" + HASH + ", 56) as int)"))
                .persist(StorageLevel.DISK_ONLY());
        long[] starts = new long[BUCKETS];
        long[] counts = new long[BUCKETS];
        hashed.groupBy(BUCKET).count().collectAsList().forEach((Row row) -> counts[row.getInt(0)] = row.getLong(1));
        for (int i = 1; i < BUCKETS; i++) {
            starts[i] = starts[i - 1] + counts[i - 1];
        }
        count = starts[BUCKETS - 1] + counts[BUCKETS - 1];
        var withinBucket =
                functions.row_number().over(Window.partitionBy(BUCKET).orderBy(HASH, "id"));
        var start = functions.element_at(
                functions.lit(starts), functions.col(BUCKET).plus(1));
        rows = hashed.withColumn(POSITION, start.plus(withinBucket).minus(1)).drop(HASH, BUCKET);
    }

    long count() {
        return count;
    }

    /** The rows as they came, in no order, for counting. */
    Dataset<Row> unordered() {
        return hashed;
    }

    /** The rows in groups of {@code size} that follow each other: partition i holds group i, sorted. */
    Dataset<Row> groups(int size) {
        int groups = Math.toIntExact((count + size - 1) / size);
        return rows.repartitionById(groups, functions.expr("cast(" + POSITION + " div " + size + " as int)"))
                .sortWithinPartitions(POSITION)
                .drop(POSITION);
    }

    @Override
    public void close() {
        hashed.unpersist();
    }
}
