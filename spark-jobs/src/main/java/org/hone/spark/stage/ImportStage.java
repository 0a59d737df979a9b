package org.hone.spark.stage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.spark.importer.ImportTask;
import org.hone.spark.importer.ImportedTable;
import org.hone.spark.importer.SourceFile;
import org.hone.spark.recipe.SourceRecipe;
import org.hone.spark.run.StageReport;
import org.hone.spark.run.Storage;
import org.hone.spark.table.PreferenceTable;
import org.hone.spark.table.Table;

/**
 * Raw preference files → {@code import/preferences} and {@code import/quarantine}. Every line of every file
 * ends in one of the two; the stage fails if they do not add up.
 */
public final class ImportStage implements Stage {
    /** The stage's name. */
    public static final String NAME = "import";
    /** Where the comparisons are. */
    public static final Table PREFERENCES = new Table(NAME + "/preferences", PreferenceTable.SCHEMA);
    /** Where the refused rows are, with their reasons. */
    public static final Table QUARANTINE = new Table(NAME + "/quarantine", ImportedTable.QUARANTINE);

    private static final String DUPLICATE = "DUPLICATE";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public StageReport run(StageContext context) throws IOException {
        Dataset<Row> imported = lines(context).persist(StorageLevel.DISK_ONLY());
        try {
            Dataset<Row> unique = withoutDuplicates(imported);
            unique.filter("reason is null")
                    .select(PreferenceTable.SCHEMA.fieldNames()[0], rest(PreferenceTable.SCHEMA.fieldNames()))
                    .write()
                    .parquet(context.path(PREFERENCES));
            unique.filter("reason is not null")
                    .select("source", "file", "line", "reason", "detail", "raw")
                    .write()
                    .parquet(context.path(QUARANTINE));
            return report(context, imported.count());
        } finally {
            imported.unpersist();
        }
    }

    private static Dataset<Row> lines(StageContext context) throws IOException {
        Storage storage = context.folder().storage();
        List<SourceFile> files = new ArrayList<>();
        for (SourceRecipe source : context.recipe().preferences().sources()) {
            List<String> found = storage.files(source.path());
            if (found.isEmpty()) {
                throw new IllegalArgumentException(
                        "preferences.sources: " + source.name() + ": no file at " + source.path());
            }
            found.forEach(file -> files.add(SourceFile.of(file, source)));
        }
        Configuration hadoop = context.spark().sparkContext().hadoopConfiguration();
        return ImportedTable.read(context.spark(), files, new ImportTask(new SerializableConfiguration(hadoop)));
    }

    /** Of rows with one id the first by file and line stays; the others join the quarantine. */
    private static Dataset<Row> withoutDuplicates(Dataset<Row> imported) {
        var first = Window.partitionBy("id").orderBy("file", "line");
        Dataset<Row> ranked = imported.withColumn("copy", functions.row_number().over(first));
        var duplicate = functions.expr("reason is null and copy > 1");
        return ranked.withColumn(
                        "detail",
                        functions
                                .when(duplicate, functions.lit("the same comparison stands in an earlier row"))
                                .otherwise(functions.col("detail")))
                .withColumn(
                        "reason",
                        functions.when(duplicate, functions.lit(DUPLICATE)).otherwise(functions.col("reason")));
    }

    private static StageReport report(StageContext context, long rowsIn) {
        Dataset<Row> preferences = context.read(PREFERENCES);
        Dataset<Row> quarantine = context.read(QUARANTINE);
        long imported = preferences.count();
        long quarantined = quarantine.count();
        if (rowsIn != imported + quarantined) {
            throw new IllegalStateException("import lost rows: " + rowsIn + " in, " + imported + " imported and "
                    + quarantined + " quarantined");
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("rows_in", rowsIn);
        figures.put("imported", imported);
        figures.put("quarantined", quarantined);
        for (Row row : preferences.groupBy("source").count().orderBy("source").collectAsList()) {
            figures.put("imported " + row.getString(0), row.getLong(1));
        }
        for (Row row : quarantine
                .groupBy("source", "reason")
                .count()
                .orderBy("source", "reason")
                .collectAsList()) {
            figures.put("quarantined " + row.getString(0) + " " + row.getString(1), row.getLong(2));
        }
        return new StageReport(figures);
    }

    private static String[] rest(String[] names) {
        return java.util.Arrays.copyOfRange(names, 1, names.length);
    }
}
