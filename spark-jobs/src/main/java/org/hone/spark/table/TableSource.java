package org.hone.spark.table;

import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.hone.spark.executor.FileTree;
import org.hone.spark.recipe.TableFormat;
import org.hone.spark.run.Storage;

/**
 * A table that a user names: Delta Lake, Parquet as Hone commits it, or Parquet that somebody else wrote.
 *
 * @param name what messages call it, such as {@code pairs helpful}
 * @param folder its folder, as a Hadoop path
 * @param state a name for what the table holds, to tell whether it has changed
 */
public record TableSource(String name, String folder, String state) {
    private static final String DELTA_LOG = "/_delta_log";

    /**
     * Looks at a table.
     *
     * @param spark the session
     * @param name what messages call it
     * @param folder its folder, as a Hadoop path
     * @param hint which folder may be meant, for the message
     * @return the table
     * @throws IOException if the folder cannot be looked at
     * @throws IllegalArgumentException if there is nothing
     */
    public static TableSource of(SparkSession spark, String name, String folder, String hint) throws IOException {
        Storage storage = new Storage(spark.sparkContext().hadoopConfiguration());
        if (!storage.exists(folder)) {
            throw new IllegalArgumentException(name + ": there is nothing at " + folder + "; " + hint);
        }
        TableStore store = store(spark, folder);
        String state = store.exists(folder)
                ? store.state(folder)
                : FileTree.state(storage.fileSystem(folder), new Path(folder));
        return new TableSource(name, folder, state);
    }

    /**
     * Reads the table.
     *
     * @param spark the session
     * @param schema its columns; what may be null may be absent, and others are left out
     * @return its rows
     * @throws IOException if the folder cannot be looked at
     * @throws IllegalArgumentException if it is no table, or has other columns
     */
    public Dataset<Row> read(SparkSession spark, StructType schema) throws IOException {
        TableStore store = store(spark, folder);
        return store.exists(folder)
                ? store.read(folder, schema, null)
                : Schemas.checked(parquet(spark), schema, folder);
    }

    private static TableStore store(SparkSession spark, String folder) throws IOException {
        Storage storage = new Storage(spark.sparkContext().hadoopConfiguration());
        return TableStore.of(storage.exists(folder + DELTA_LOG) ? TableFormat.DELTA : TableFormat.PARQUET, spark);
    }

    private Dataset<Row> parquet(SparkSession spark) {
        try {
            return spark.read().parquet(folder);
        } catch (Exception e) {
            // Spark throws a checked exception that it does not declare
            throw new IllegalArgumentException(
                    name + ": " + folder + " is no table of Parquet or Delta Lake: " + e.getMessage(), e);
        }
    }
}
