package org.hone.spark.importer;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.data.importer.QuarantineReason;
import org.hone.spark.table.DataTables;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.struct;

/**
 * Reads raw files on the executors into rows of {@link Landing}: every record of every file becomes at least one row, of
 * a table or of the quarantine.
 *
 * @param spark the session
 */
public record Importer(SparkSession spark) {
    private static final String DUPLICATE =
            "the same row stands in record %d of %s; the first by file and record is kept";

    /** So many repeated ids, of some 200 bytes each, are sent to every executor; more are joined by a shuffle. */
    private static final long BROADCAST_IDS = 200_000;

    /**
     * Reads files.
     *
     * @param plan which task reads what
     * @return what was read, to be closed
     */
    public Landed read(ImportPlan plan) {
        SerializableConfiguration hadoop =
                new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
        if (plan.chunks().isEmpty()) {
            Dataset<Row> nothing = spark.createDataFrame(List.of(), Landing.SCHEMA);
            return new Landed(plan, nothing, nothing, List.of());
        }
        List<Dataset<Row>> held = new ArrayList<>();
        Dataset<Row> landed = landed(plan, new ImportTask(hadoop)).persist(StorageLevel.DISK_ONLY());
        held.add(landed);
        Dataset<Row> rows = landed.filter(col(Landing.TABLE)
                .notEqual(Landing.COUNTED)
                .and(col(Landing.TABLE).notEqual(Landing.GRADED)));
        Dataset<Row> graded = landed.filter(col(Landing.TABLE).equalTo(Landing.GRADED));
        if (!graded.isEmpty()) {
            Dataset<Row> compared = compared(graded, plan).persist(StorageLevel.DISK_ONLY());
            held.add(compared);
            rows = rows.unionByName(compared);
        }
        Dataset<Row> repeated = repeated(rows).persist(StorageLevel.DISK_ONLY());
        held.add(repeated);
        Dataset<Row> counted = landed.filter(col(Landing.TABLE).equalTo(Landing.COUNTED));
        return new Landed(plan, withoutDuplicates(rows, repeated), counted, held);
    }

    private Dataset<Row> landed(ImportPlan plan, ImportTask task) {
        List<ImportChunk> chunks = new ArrayList<>(plan.chunks());
        return spark.range(0, chunks.size(), 1, Math.max(1, chunks.size()))
                .flatMap(
                        (FlatMapFunction<Long, Row>) index -> task.read(chunks.get(index.intValue())),
                        Encoders.row(Landing.SCHEMA));
    }

    private static Dataset<Row> compared(Dataset<Row> graded, ImportPlan plan) {
        return graded.groupBy("source", "week", "compare_group")
                .agg(functions
                        .collect_list(struct(
                                "origin", "compare_group", "prompt", "response", "grade", "unsafe", "annotator", "raw"))
                        .as("responses"))
                .flatMap(CompareTask.of(plan), Encoders.row(Landing.SCHEMA));
    }

    /** Ids that stand twice, with the first place of each; only ids and places are shuffled. */
    private static Dataset<Row> repeated(Dataset<Row> rows) {
        return rows.filter(col("id").isNotNull())
                .groupBy(col("id").as("repeated_id"), col("week").as("repeated_week"))
                .agg(
                        functions.count("*").as("copies"),
                        functions.min(struct("file", "record", "part")).as("first"))
                .filter("copies > 1")
                .drop("copies");
    }

    /** Of rows with one id the first by file and record stays; the others join the quarantine. */
    private static Dataset<Row> withoutDuplicates(Dataset<Row> rows, Dataset<Row> repeated) {
        long ids = repeated.count();
        if (ids == 0) {
            return rows;
        }
        Dataset<Row> marked = rows.join(
                ids <= BROADCAST_IDS ? functions.broadcast(repeated) : repeated,
                col("id").equalTo(col("repeated_id")).and(col("week").eqNullSafe(col("repeated_week"))),
                "left");
        Column isRepeated = col("first").isNotNull().and(col("first").notEqual(struct("file", "record", "part")));
        Column detail = functions.format_string(DUPLICATE, col("first.record"), col("first.file"));
        return marked.withColumn(
                        Landing.TABLE,
                        functions.when(isRepeated, DataTables.QUARANTINE.name()).otherwise(col(Landing.TABLE)))
                .withColumn("detail", functions.when(isRepeated, detail).otherwise(col("detail")))
                .withColumn(
                        "reason",
                        functions
                                .when(isRepeated, QuarantineReason.DUPLICATE.name())
                                .otherwise(col("reason")))
                .drop("repeated_id", "repeated_week", "first");
    }
}
