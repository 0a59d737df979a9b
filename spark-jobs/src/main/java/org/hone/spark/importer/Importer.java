package org.hone.spark.importer;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.data.importer.QuarantineReason;

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

    /**
     * Reads files.
     *
     * @param plan which task reads what
     * @return what was read, to be closed
     */
    public Landed read(ImportPlan plan) {
        SerializableConfiguration hadoop =
                new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
        Dataset<Row> landed = landed(plan, new ImportTask(hadoop)).persist(StorageLevel.DISK_ONLY());
        Dataset<Row> rows = landed.filter(col(Landing.TABLE).notEqual(Landing.COUNTED));
        if (!landed.filter(col(Landing.TABLE).equalTo(Landing.GRADED)).isEmpty()) {
            rows = rows.filter(col(Landing.TABLE).notEqual(Landing.GRADED)).unionByName(compared(rows, plan));
        }
        Dataset<Row> repeated = repeated(rows).persist(StorageLevel.DISK_ONLY());
        // counted first: without any, rows are not joined, and of few Spark then knows that they fit a broadcast
        Dataset<Row> distinct = repeated.count() == 0 ? rows : withoutDuplicates(rows, repeated);
        return new Landed(List.of(landed, repeated), distinct, plan);
    }

    private Dataset<Row> landed(ImportPlan plan, ImportTask task) {
        List<ImportChunk> chunks = new ArrayList<>(plan.chunks());
        return spark.range(0, chunks.size(), 1, Math.max(1, chunks.size()))
                .flatMap(
                        (FlatMapFunction<Long, Row>) index -> task.read(chunks.get(index.intValue())),
                        Encoders.row(Landing.SCHEMA));
    }

    private static Dataset<Row> compared(Dataset<Row> rows, ImportPlan plan) {
        return rows.filter(col(Landing.TABLE).equalTo(Landing.GRADED))
                .groupBy("source", "week", "compare_group")
                .agg(functions
                        .collect_list(struct(
                                "origin", "compare_group", "prompt", "response", "grade", "unsafe", "annotator", "raw"))
                        .as("responses"))
                .flatMap(new CompareTask(plan.chunks()), Encoders.row(Landing.SCHEMA));
    }

    /** The ids that stand twice, with the first place of each; only ids and places are shuffled. */
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
        Dataset<Row> marked = rows.join(
                repeated,
                col("id").equalTo(col("repeated_id")).and(col("week").eqNullSafe(col("repeated_week"))),
                "left");
        var isRepeated = col("first").isNotNull().and(col("first").notEqual(struct("file", "record", "part")));
        return marked.withColumn(
                        Landing.TABLE, functions.when(isRepeated, "quarantine").otherwise(col(Landing.TABLE)))
                .withColumn(
                        "detail",
                        functions
                                .when(
                                        isRepeated,
                                        functions.format_string(DUPLICATE, col("first.record"), col("first.file")))
                                .otherwise(col("detail")))
                .withColumn(
                        "reason",
                        functions
                                .when(isRepeated, QuarantineReason.DUPLICATE.name())
                                .otherwise(col("reason")))
                .drop("repeated_id", "repeated_week", "first");
    }
}
