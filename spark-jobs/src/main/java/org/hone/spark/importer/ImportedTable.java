package org.hone.spark.importer;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.hone.spark.table.PreferenceTable;

/**
 * Lines as they come in: the columns of a preference, null where the line was refused, and where the line
 * stood, with the reason of its refusal.
 */
public final class ImportedTable {
    /** Its columns. */
    public static final StructType SCHEMA = schema();

    /** Of the refused rows: where each stood, why it was refused, and what it was. */
    public static final StructType QUARANTINE = new StructType()
            .add("source", DataTypes.StringType, false)
            .add("file", DataTypes.StringType, false)
            .add("line", DataTypes.LongType, false)
            .add("reason", DataTypes.StringType, false)
            .add("detail", DataTypes.StringType, true)
            .add("raw", DataTypes.StringType, true);

    private static final String REQUIRED_IS_NULL = "id is null or prompt is null or chosen is null or rejected is null";

    private ImportedTable() {}

    /**
     * Reads files on the executors.
     *
     * @param spark the session
     * @param files the files
     * @param task what reads one of them
     * @return one row a line
     */
    public static Dataset<Row> read(SparkSession spark, List<SourceFile> files, ImportTask task) {
        List<String> json = new ArrayList<>();
        Dataset<Row> rows = spark.createDataFrame(List.of(), SCHEMA);
        List<SourceFile> lines = new ArrayList<>();
        for (SourceFile file : files) {
            switch (file.format()) {
                case HH_RLHF -> lines.add(file);
                case PARQUET -> rows = rows.unionByName(parquet(spark, file));
            }
        }
        for (int i = 0; i < lines.size(); i++) {
            json.add(Integer.toString(i));
        }
        List<SourceFile> fixed = List.copyOf(lines);
        Dataset<Row> parsed = fixed.isEmpty()
                ? spark.createDataFrame(List.of(), SCHEMA)
                : spark.createDataset(json, Encoders.STRING())
                        .repartitionById(fixed.size(), functions.col("value").cast(DataTypes.IntegerType))
                        .flatMap(
                                (org.apache.spark.api.java.function.FlatMapFunction<String, Row>)
                                        index -> task.read(fixed.get(Integer.parseInt(index))),
                                Encoders.row(SCHEMA));
        return rows.unionByName(parsed);
    }

    private static Dataset<Row> parquet(SparkSession spark, SourceFile file) {
        Dataset<Row> table = spark.read().schema(PreferenceTable.SCHEMA).parquet(file.file());
        return table.withColumn("source", functions.lit(file.source()))
                .withColumn("file", functions.lit(file.file()))
                .withColumn("line", functions.lit(0L))
                .withColumn("reason", functions.when(functions.expr(REQUIRED_IS_NULL), "MISSING_FIELD"))
                .withColumn("detail", functions.when(functions.expr(REQUIRED_IS_NULL), REQUIRED_IS_NULL))
                .withColumn("raw", functions.lit(null).cast(DataTypes.StringType));
    }

    static Row refused(SourceFile file, long line, String reason, String detail, String raw) {
        String key = file.file() + ":" + line;
        return RowFactory.create(
                key,
                null,
                null,
                null,
                null,
                null,
                file.source(),
                file.week(),
                null,
                file.file(),
                line,
                reason,
                detail,
                raw);
    }

    private static StructType schema() {
        List<StructField> fields = new ArrayList<>();
        for (StructField field : PreferenceTable.SCHEMA.fields()) {
            fields.add(DataTypes.createStructField(field.name(), field.dataType(), true));
        }
        fields.add(DataTypes.createStructField("file", DataTypes.StringType, true));
        fields.add(DataTypes.createStructField("line", DataTypes.LongType, true));
        fields.add(DataTypes.createStructField("reason", DataTypes.StringType, true));
        fields.add(DataTypes.createStructField("detail", DataTypes.StringType, true));
        fields.add(DataTypes.createStructField("raw", DataTypes.StringType, true));
        return new StructType(fields.toArray(StructField[]::new));
    }
}
