package org.hone.spark.table;

import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.hone.spark.recipe.TableFormat;
import org.hone.spark.run.Storage;
import org.jspecify.annotations.Nullable;

/** How tables are kept. Every write is all or nothing, and can be said twice. */
public sealed interface TableStore permits DeltaStore, ParquetStore {
    /**
     * The store of a format.
     *
     * @param format the format
     * @param spark the session
     * @return the store
     */
    static TableStore of(TableFormat format, SparkSession spark) {
        Storage storage = new Storage(spark.sparkContext().hadoopConfiguration());
        return switch (format) {
            case DELTA -> new DeltaStore(spark, storage);
            case PARQUET -> new ParquetStore(spark, storage);
        };
    }

    /**
     * Whether a table has been written.
     *
     * @param path its folder
     * @return true if it can be read
     * @throws IOException if the folder cannot be looked at
     */
    boolean exists(String path) throws IOException;

    /**
     * Reads a table.
     *
     * @param path its folder
     * @param schema its columns; a table with others is refused
     * @param version which committed state; null: the newest
     * @return its rows; none if the table was never written
     * @throws IOException if the folder cannot be looked at
     */
    Dataset<Row> read(String path, StructType schema, @Nullable Long version) throws IOException;

    /**
     * Puts rows in the place of what slices hold now.
     *
     * @param path the table's folder
     * @param rows rows of these slices, with columns {@code source} and {@code week}
     * @param slices what is replaced
     * @param note kept with the commit, where the format can
     * @throws IOException if the table cannot be written
     */
    void replace(String path, Dataset<Row> rows, List<Slice> slices, String note) throws IOException;

    /**
     * Puts rows in the place of the whole table.
     *
     * @param path the table's folder
     * @param rows the rows
     * @param note kept with the commit, where the format can
     * @throws IOException if the table cannot be written
     */
    void overwrite(String path, Dataset<Row> rows, String note) throws IOException;

    /**
     * A name for the newest committed state, to tell whether a table has changed.
     *
     * @param path its folder
     * @return the name; {@code absent} if the table was never written
     * @throws IOException if the folder cannot be looked at
     */
    String state(String path) throws IOException;

    /**
     * A table's committed states, newest first.
     *
     * @param path its folder
     * @return the versions
     * @throws IOException if the folder cannot be looked at
     */
    List<TableVersion> history(String path) throws IOException;
}
