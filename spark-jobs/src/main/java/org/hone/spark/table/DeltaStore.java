package org.hone.spark.table;

import io.delta.tables.DeltaTable;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
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
    private static final Pattern COMMIT = Pattern.compile("\\d{20}\\.json");

    private final SparkSession spark;
    private final Storage storage;

    DeltaStore(SparkSession spark, Storage storage) {
        this.spark = spark;
        this.storage = storage;
    }

    @Override
    public boolean exists(String path) throws IOException {
        return newest(path).isPresent();
    }

    @Override
    public Dataset<Row> read(String path, StructType schema, @Nullable Long version) throws IOException {
        Optional<String> newest = newest(path);
        if (newest.isEmpty()) {
            return spark.createDataFrame(List.of(), Schemas.nullable(schema));
        }
        // Delta looks for the newest state at every query: a dataset that is read twice would change while others write
        long stated = version == null ? version(newest.get()) : version;
        Dataset<Row> rows =
                spark.read().format(FORMAT).option("versionAsOf", stated).load(path);
        return Schemas.checked(rows, schema, path);
    }

    @Override
    public void replace(String path, Dataset<Row> rows, List<Slice> slices, String note) throws IOException {
        boolean isNew = !exists(path);
        if (isNew && rows.isEmpty()) {
            return;
        }
        var writer = rows.write()
                .format(FORMAT)
                .mode("overwrite")
                .partitionBy("source", "week")
                .option("userMetadata", note);
        String replaced = slices.stream().map(Slice::sql).collect(Collectors.joining(" OR "));
        // a table of an older version may lack a column
        (isNew ? writer : writer.option("replaceWhere", replaced).option("mergeSchema", "true")).save(path);
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
        Optional<String> newest = newest(path);
        if (newest.isEmpty()) {
            return "absent";
        }
        // a table that was deleted and imported anew counts from 0 again, so the version alone does not tell
        Path file = new Path(path + LOG, newest.get());
        long written = storage.fileSystem(path).getFileStatus(file).getModificationTime();
        return "version " + version(newest.get()) + " of " + Instant.ofEpochMilli(written);
    }

    /** The newest commit by its name in the log, which Delta's protocol lays down; none if the first was cut short. */
    private Optional<String> newest(String path) throws IOException {
        return storage.list(path + LOG).stream()
                .filter(name -> COMMIT.matcher(name).matches())
                .max(Comparator.naturalOrder());
    }

    private static long version(String commit) {
        return Long.parseLong(commit.substring(0, commit.indexOf('.')));
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
