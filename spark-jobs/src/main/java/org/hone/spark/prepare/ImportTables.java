package org.hone.spark.prepare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.hone.spark.importer.ImportLedger;
import org.hone.spark.importer.ImportPlan;
import org.hone.spark.importer.ImportSource;
import org.hone.spark.importer.Importer;
import org.hone.spark.importer.Landed;
import org.hone.spark.run.StageReport;
import org.hone.spark.table.DataTables;
import org.hone.spark.table.Slice;
import org.hone.spark.table.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

/**
 * Raw files → {@code tables/preferences, sft, prompts, documents, quarantine}. What a source, or a week of it, had in
 * them is replaced, so importing it again is the same as importing it once. {@code tables/imports} is written last and
 * lists every file with its checksum: an import that finds its files there, unchanged, has nothing to do.
 */
public final class ImportTables {
    private static final Logger LOG = LoggerFactory.getLogger(ImportTables.class);
    private static final Table IMPORTS = new Table("imports", ImportLedger.SCHEMA);
    /** Records that became no row, each with its reason. */
    static final Table QUARANTINE = new Table(DataTables.QUARANTINE_NAME, DataTables.QUARANTINE);

    private ImportTables() {}

    /**
     * Imports sources.
     *
     * @param folder where the tables are
     * @param sources what to import
     * @return counts by source; they add up
     * @throws IOException if something cannot be read or written
     */
    public static StageReport run(DataFolder folder, List<ImportSource> sources) throws IOException {
        List<ImportSource> changed = new ArrayList<>();
        ImportPlan plan = ImportPlan.of(folder.spark(), sources);
        Dataset<Row> known = folder.imported(IMPORTS);
        for (ImportSource source : sources) {
            if (ImportLedger.holds(known, plan, source)) {
                LOG.info("import: {}: done already", source.name());
            } else {
                changed.add(source);
            }
        }
        if (!changed.isEmpty()) {
            try (Landed landed = new Importer(folder.spark()).read(plan.of(changed))) {
                write(folder, landed, changed);
            }
        }
        return report(folder, sources);
    }

    private static void write(DataFolder folder, Landed landed, List<ImportSource> sources) throws IOException {
        List<Slice> slices = sources.stream().map(ImportSource::slice).toList();
        String note = "import of "
                + String.join(", ", sources.stream().map(ImportSource::name).toList());
        forget(folder, slices, note);
        List<Table> tables = new ArrayList<>(DataTables.ALL);
        tables.add(QUARANTINE);
        long written = 0;
        for (Table table : tables) {
            String path = folder.path(DataFolder.TABLES + table.name());
            if (landed.rowCount(table) > 0 || folder.store().exists(path)) {
                folder.store().replace(path, landed.table(table), slices, note);
                written += folder.imported(table).filter(anyOf(slices)).count();
            }
        }
        long rows = landed.rowCount();
        if (rows != written) {
            throw new IllegalStateException("the import lost rows: " + rows + " came out of " + landed.records()
                    + " records, the tables hold " + written);
        }
        folder.store().replace(folder.path(DataFolder.TABLES + IMPORTS.name()), landed.ledger(), slices, note);
    }

    /**
     * Takes sources out of the list before their first table changes: an import that was killed half-way and is started
     * again with the files of the time before must not find them there.
     */
    private static void forget(DataFolder folder, List<Slice> slices, String note) throws IOException {
        if (!folder.imported(IMPORTS).filter(anyOf(slices)).isEmpty()) {
            Dataset<Row> none = folder.spark().createDataFrame(List.of(), ImportLedger.SCHEMA);
            folder.store().replace(folder.path(DataFolder.TABLES + IMPORTS.name()), none, slices, note + ": started");
        }
    }

    private static Column anyOf(List<Slice> slices) {
        return slices.stream().map(Slice::condition).reduce(lit(false), Column::or);
    }

    private static StageReport report(DataFolder folder, List<ImportSource> sources) throws IOException {
        List<Slice> slices = sources.stream().map(ImportSource::slice).toList();
        Map<String, Object> figures = new LinkedHashMap<>();
        Dataset<Row> files = folder.imported(IMPORTS).filter(anyOf(slices));
        List<String> counts = List.of("records", "rows", "preferences", "sft", "prompts", "documents", "quarantined");
        figures.put("files", files.count());
        sums(files, counts, "", figures);
        for (ImportSource source : sources) {
            sums(files.filter(source.slice().condition()), counts, " " + label(source), figures);
        }
        for (Row row : folder.imported(QUARANTINE)
                .filter(anyOf(slices))
                .groupBy("source", "reason")
                .count()
                .orderBy("source", "reason")
                .collectAsList()) {
            figures.put("quarantined " + row.getString(0) + " " + row.getString(1), row.getLong(2));
        }
        return new StageReport(figures);
    }

    private static String label(ImportSource source) {
        return source.week() == null ? source.name() : source.name() + " week " + source.week();
    }

    private static void sums(Dataset<Row> files, List<String> counts, String suffix, Map<String, Object> figures) {
        Column[] sums = counts.stream()
                .map(count -> functions.coalesce(functions.sum(col(count)), lit(0L)))
                .toArray(Column[]::new);
        Row row = files.agg(sums[0], Arrays.copyOfRange(sums, 1, sums.length)).first();
        for (int i = 0; i < counts.size(); i++) {
            if (row.getLong(i) > 0 || i < 2) {
                figures.put(counts.get(i) + suffix, row.getLong(i));
            }
        }
    }
}
