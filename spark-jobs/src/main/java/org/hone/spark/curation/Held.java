package org.hone.spark.curation;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Intermediate results, written to a folder that every executor reaches: an executor that dies takes none of them with
 * it, no plan grows with the rounds of an iteration, and none is in memory. The folder is deleted in the end.
 */
final class Held implements AutoCloseable {
    private final SparkSession spark;
    private final String folder;
    private int written;

    Held(SparkSession spark, String folder) {
        this.spark = spark;
        this.folder = folder;
    }

    Dataset<Row> keep(Dataset<Row> rows) {
        String path = folder + "/" + written++;
        rows.write().mode("overwrite").parquet(path);
        return spark.read().schema(rows.schema()).parquet(path);
    }

    @Override
    public void close() {
        try {
            Path path = new Path(folder);
            FileSystem files = path.getFileSystem(spark.sparkContext().hadoopConfiguration());
            files.delete(path, true);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": intermediate results cannot be deleted; delete them by hand", e);
        }
    }
}
