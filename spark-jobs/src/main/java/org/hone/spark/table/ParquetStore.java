package org.hone.spark.table;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.hone.spark.run.Storage;
import org.jspecify.annotations.Nullable;

/**
 * Tables as plain Parquet. The new table is written beside the old one, rows that are kept included, and then takes its
 * place; a write that was interrupted leaves the old table, or, in the moment between two renames, the new one beside it.
 */
final class ParquetStore implements TableStore {
    private static final String NEW = ".new";
    private static final String OLD = ".old";

    private final SparkSession spark;
    private final Storage storage;

    ParquetStore(SparkSession spark, Storage storage) {
        this.spark = spark;
        this.storage = storage;
    }

    @Override
    public boolean exists(String path) throws IOException {
        settle(path);
        return storage.exists(path + "/_SUCCESS");
    }

    @Override
    public Dataset<Row> read(String path, StructType schema, @Nullable Long version) throws IOException {
        if (version != null) {
            throw new IllegalArgumentException(path + ": plain Parquet keeps no versions; got version " + version
                    + ", use tables: delta for older states");
        }
        if (!exists(path)) {
            return spark.createDataFrame(List.of(), Schemas.nullable(schema));
        }
        return Schemas.checked(spark.read().parquet(path), schema, path);
    }

    @Override
    public void replace(String path, Dataset<Row> rows, List<Slice> slices, String note) throws IOException {
        if (!exists(path)) {
            if (!rows.isEmpty()) {
                overwrite(path, rows, note);
            }
            return;
        }
        Dataset<Row> kept = spark.read().parquet(path);
        for (Slice slice : slices) {
            kept = kept.filter(org.apache.spark.sql.functions.not(slice.condition()));
        }
        overwrite(path, kept.unionByName(rows), note);
    }

    @Override
    public void overwrite(String path, Dataset<Row> rows, String note) throws IOException {
        settle(path);
        storage.delete(path + NEW);
        rows.write().parquet(path + NEW);
        if (storage.exists(path)) {
            rename(path, path + OLD);
        }
        rename(path + NEW, path);
        storage.delete(path + OLD);
    }

    /** Ends a replacement that was interrupted between its two renames. */
    private void settle(String path) throws IOException {
        if (!storage.exists(path) && storage.exists(path + NEW + "/_SUCCESS")) {
            rename(path + NEW, path);
        } else if (!storage.exists(path) && storage.exists(path + OLD)) {
            rename(path + OLD, path);
        }
        storage.delete(path + OLD);
    }

    private void rename(String from, String to) throws IOException {
        if (!storage.fileSystem(from).rename(new Path(from), new Path(to))) {
            throw new IOException(from + ": could not be put in the place of " + to);
        }
    }

    @Override
    public String state(String path) throws IOException {
        return exists(path)
                ? "written "
                        + storage.fileSystem(path)
                                .getFileStatus(new Path(path + "/_SUCCESS"))
                                .getModificationTime()
                : "absent";
    }

    @Override
    public List<TableVersion> history(String path) {
        throw new IllegalArgumentException(path + ": plain Parquet keeps no history; use tables: delta");
    }
}
