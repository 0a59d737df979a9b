package org.hone.spark.stage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.hone.data.importer.registry.Formats;
import org.hone.spark.importer.ImportPlan;
import org.hone.spark.importer.ImportSource;
import org.hone.spark.importer.Importer;
import org.hone.spark.importer.Landed;
import org.hone.spark.importer.PreferenceTables;
import org.hone.spark.recipe.SourceRecipe;
import org.hone.spark.run.StageReport;
import org.hone.spark.run.Storage;
import org.hone.spark.session.Together;
import org.hone.spark.table.Columns;
import org.hone.spark.table.DataTables;
import org.hone.spark.table.PreferenceTable;
import org.hone.spark.table.Table;

/**
 * Raw preference files and tables that this round is the first to learn from → {@code import/preferences} and {@code
 * import/quarantine}. Every row of every file
 * ends in one of the two; the stage fails if they do not add up.
 */
public final class ImportStage implements Stage {
    /** The stage's name. */
    public static final String NAME = "import";
    /** Where the comparisons are, each with the file and the record that it came from. */
    public static final Table PREFERENCES =
            new Table(NAME + "/preferences", PreferenceTable.SCHEMA.add("origin", DataTables.ORIGIN, true));
    /** Where the refused rows are, with their reasons. */
    public static final Table QUARANTINE = new Table(NAME + "/quarantine", DataTables.QUARANTINE.schema());

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public StageReport run(StageContext context) throws IOException {
        List<SourceRecipe> sources = context.recipe().preferences().newIn(context.round());
        List<ImportSource> raw = new ArrayList<>();
        for (SourceRecipe source : sources) {
            if (!source.isTable()) {
                raw.add(source(source, context.folder().storage()));
            }
        }
        PreferenceTables tables = PreferenceTables.read(
                context.spark(), sources.stream().filter(SourceRecipe::isTable).toList());
        try (Landed landed = new Importer(context.spark()).read(ImportPlan.of(context.spark(), raw))) {
            // A round compares; demonstrations, prompts and documents of the same files are another command's.
            Dataset<Row> preferences = landed.table(DataTables.PREFERENCES);
            Dataset<Row> quarantine = landed.table(DataTables.QUARANTINE);
            Together.run(
                    () -> preferences
                            .select(Columns.of(PREFERENCES.schema()))
                            .unionByName(tables.sound().select(Columns.of(PREFERENCES.schema())))
                            .write()
                            .parquet(context.path(PREFERENCES)),
                    () -> quarantine
                            .select(Columns.of(QUARANTINE.schema()))
                            .unionByName(tables.refused().select(Columns.of(QUARANTINE.schema())))
                            .write()
                            .parquet(context.path(QUARANTINE)));
            long comparisons = landed.rowCount(DataTables.PREFERENCES) + landed.rowCount(DataTables.QUARANTINE);
            return report(context, landed.rowCount() + tables.rows(), landed.rowCount() - comparisons);
        }
    }

    private static ImportSource source(SourceRecipe source, Storage storage) throws IOException {
        List<String> files = storage.files(source.path());
        if (files.isEmpty()) {
            throw new IllegalArgumentException(
                    "preferences.sources: " + source.name() + ": no file at " + source.path());
        }
        return new ImportSource(
                source.name(),
                files,
                source.format() == null ? null : Formats.named(source.format()),
                source.week(),
                null);
    }

    private static StageReport report(StageContext context, long rowsIn, long others) {
        List<Row> sources = context.read(PREFERENCES)
                .groupBy("source")
                .count()
                .orderBy("source")
                .collectAsList();
        List<Row> reasons = context.read(QUARANTINE)
                .groupBy("source", "reason")
                .count()
                .orderBy("source", "reason")
                .collectAsList();
        long imported = sources.stream().mapToLong(row -> row.getLong(1)).sum();
        long quarantined = reasons.stream().mapToLong(row -> row.getLong(2)).sum();
        if (rowsIn != imported + quarantined + others) {
            throw new IllegalStateException("import lost rows: " + rowsIn + " in, " + imported + " imported and "
                    + quarantined + " quarantined, " + others + " no comparisons");
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("rows_in", rowsIn);
        figures.put("imported", imported);
        figures.put("quarantined", quarantined);
        if (others > 0) {
            figures.put("no_comparisons", others);
        }
        for (Row row : sources) {
            figures.put("imported " + row.getString(0), row.getLong(1));
        }
        for (Row row : reasons) {
            figures.put("quarantined " + row.getString(0) + " " + row.getString(1), row.getLong(2));
        }
        return new StageReport(figures);
    }
}
