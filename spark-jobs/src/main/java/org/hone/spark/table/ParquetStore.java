package org.hone.spark.table;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.hone.spark.run.Storage;
import org.jspecify.annotations.Nullable;

/**
 * Tables as plain Parquet. The new table is written beside the old one, rows that are kept included. A file with the names
 * of its parts makes it the table; they are then moved, one by one, to where the old ones are. Object stores rename no
 * folder at once, so nothing here relies on it: a write that was interrupted before that file stood leaves the old table,
 * and one that was interrupted later is ended by whoever looks at the table next.
 */
final class ParquetStore implements TableStore {
    private static final String NEW = ".new";
    private static final String READY = ".ready";

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
            kept = kept.filter(functions.not(slice.condition()));
        }
        // a table of an older version may lack a column
        overwrite(path, kept.unionByName(rows, true), note);
    }

    @Override
    public void overwrite(String path, Dataset<Row> rows, String note) throws IOException {
        settle(path);
        storage.delete(path + NEW);
        rows.write().parquet(path + NEW);
        storage.writeText(path + READY, String.join("\n", storage.list(path + NEW)));
        settle(path);
    }

    /** Puts a new table that is ready in the place of the old one; of what was done before, nothing is undone. */
    private void settle(String path) throws IOException {
        if (!storage.exists(path + READY)) {
            return;
        }
        List<String> parts = storage.readText(path + READY).lines().toList();
        for (String part : storage.list(path + NEW)) {
            storage.move(path + NEW + "/" + part, path + "/" + part);
        }
        for (String part : storage.list(path)) {
            if (!parts.contains(part)) {
                storage.delete(path + "/" + part);
            }
        }
        storage.delete(path + READY);
        storage.delete(path + NEW);
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
