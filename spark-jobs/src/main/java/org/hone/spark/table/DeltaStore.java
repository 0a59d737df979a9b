package org.hone.spark.table;

import io.delta.tables.DeltaTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.hone.spark.run.Storage;
import org.jspecify.annotations.Nullable;

/** Tables in Delta Lake. */
final class DeltaStore implements TableStore {
    private static final String FORMAT = "delta";
    private static final String LOG = "/_delta_log";

    private final SparkSession spark;
    private final Storage storage;

    DeltaStore(SparkSession spark, Storage storage) {
        this.spark = spark;
        this.storage = storage;
    }

    @Override
    public boolean exists(String path) throws IOException {
        return storage.exists(path + LOG);
    }

    @Override
    public Dataset<Row> read(String path, StructType schema, @Nullable Long version) throws IOException {
        if (!exists(path)) {
            return spark.createDataFrame(List.of(), Schemas.nullable(schema));
        }
        DataFrameReader reader = spark.read().format(FORMAT);
        Dataset<Row> rows = (version == null ? reader : reader.option("versionAsOf", version)).load(path);
        return Schemas.checked(rows, schema, path);
    }

    @Override
    public void replace(String path, Dataset<Row> rows, List<Slice> slices, String note) throws IOException {
        boolean isNew = !exists(path);
        var writer = rows.write()
                .format(FORMAT)
                .mode("overwrite")
                .partitionBy("source", "week")
                .option("userMetadata", note);
        String replaced = slices.stream().map(Slice::sql).collect(Collectors.joining(" OR "));
        (isNew ? writer : writer.option("replaceWhere", replaced)).save(path);
    }

    @Override
    public void overwrite(String path, Dataset<Row> rows, String note) {
        rows.write()
                .format(FORMAT)
                .mode("overwrite")
                .option("overwriteSchema", "true")
                .option("userMetadata", note)
                .save(path);
    }

    @Override
    public String state(String path) throws IOException {
        if (!exists(path)) {
            return "absent";
        }
        // a table that was deleted and imported anew counts from 0 again, so the version alone does not tell
        Row newest = DeltaTable.forPath(spark, path)
                .history(1)
                .select("version", "timestamp")
                .head();
        return "version " + newest.getLong(0) + " of " + newest.getTimestamp(1).toInstant();
    }

    @Override
    public List<TableVersion> history(String path) throws IOException {
        if (!exists(path)) {
            throw new IllegalArgumentException(
                    path + ": there is no Delta table; give the folder that holds its _delta_log");
        }
        List<TableVersion> versions = new ArrayList<>();
        Dataset<Row> history = DeltaTable.forPath(spark, path).history();
        for (Row row : history.select("version", "timestamp", "operation", "userMetadata", "operationMetrics")
                .collectAsList()) {
            Map<String, String> figures = row.isNullAt(4) ? Map.of() : row.getJavaMap(4);
            versions.add(new TableVersion(
                    row.getLong(0), row.getTimestamp(1).toInstant(), row.getString(2), row.getString(3), figures));
        }
        return versions;
    }
}
