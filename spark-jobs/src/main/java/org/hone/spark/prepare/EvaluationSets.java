package org.hone.spark.prepare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.hone.spark.curation.EvaluationSet;
import org.hone.spark.importer.ImportPlan;
import org.hone.spark.importer.ImportSource;
import org.hone.spark.importer.Importer;
import org.hone.spark.importer.Landed;
import org.hone.spark.recipe.EvaluationSetRecipe;
import org.hone.spark.table.DataTables;
import org.hone.spark.table.Table;

/**
 * Evaluation sets from their raw files; they are read when they are asked for, and never kept. Only what could not be read
 * of them is: against such a row nothing is protected.
 */
final class EvaluationSets implements AutoCloseable {
    private final Importer importer;
    private final List<Planned> plans = new ArrayList<>();
    private final List<Landed> landed = new ArrayList<>();
    private final Map<String, Object> figures = new LinkedHashMap<>();

    private record Planned(String name, ImportPlan plan) {}

    private EvaluationSets(Importer importer) {
        this.importer = importer;
    }

    static EvaluationSets open(DataFolder folder, List<EvaluationSetRecipe> recipes) throws IOException {
        EvaluationSets opened = new EvaluationSets(new Importer(folder.spark()));
        for (EvaluationSetRecipe recipe : recipes) {
            List<String> files = Sources.files(folder.spark(), List.of(recipe.path()));
            ImportSource source = new ImportSource(recipe.name(), files, recipe.format(), null, null);
            opened.plans.add(new Planned(recipe.name(), ImportPlan.of(folder.spark(), List.of(source))));
        }
        return opened;
    }

    /** What the sets are made from, for a step's marker. */
    String inputs() {
        StringBuilder inputs = new StringBuilder();
        for (Planned planned : plans) {
            for (ImportPlan.PlannedFile file : planned.plan.files()) {
                inputs.append(planned.name).append(' ').append(file.sha256()).append(' ');
                inputs.append(file.format().identity()).append('\n');
            }
        }
        return inputs.toString();
    }

    /** Reads the files; the executors' disks hold them until this is closed. */
    List<EvaluationSet> sets() {
        List<EvaluationSet> sets = new ArrayList<>();
        for (Planned planned : plans) {
            Landed read = importer.read(planned.plan);
            landed.add(read);
            count(planned.name, read);
            for (Table table : DataTables.ALL) {
                sets.add(EvaluationSet.of(planned.name, read.table(table)));
            }
        }
        return sets;
    }

    /**
     * Counts what became of a set's records. A set of which nothing could be read would protect nothing, and is refused.
     */
    private void count(String name, Landed read) {
        long rows = DataTables.ALL.stream().mapToLong(read::rowCount).sum();
        long quarantined = read.rowCount(DataTables.QUARANTINE);
        if (rows + quarantined != read.rowCount()) {
            throw new IllegalStateException("evaluation set " + name + ": " + read.rowCount() + " rows came out of "
                    + read.records() + " records, but " + rows + " were read and " + quarantined + " quarantined");
        }
        List<Row> reasons = read.table(DataTables.QUARANTINE)
                .groupBy("reason")
                .count()
                .orderBy("reason")
                .collectAsList();
        if (rows == 0 && quarantined > 0) {
            throw new IllegalArgumentException("evaluation set " + name + ": none of its " + quarantined
                    + " rows can be read ("
                    + String.join(
                            ", ",
                            reasons.stream()
                                    .map(row -> row.getLong(1) + " " + row.getString(0))
                                    .toList())
                    + "), so nothing of it would be kept out of training; check its path and format");
        }
        figures.put("evaluation_records " + name, read.records());
        figures.put("evaluation_rows " + name, rows);
        if (quarantined > 0) {
            figures.put("evaluation_quarantined " + name, quarantined);
        }
        reasons.forEach(row -> figures.put("evaluation_quarantined " + name + " " + row.getString(0), row.getLong(1)));
    }

    /** How many records, rows and quarantined rows each set that was read has. */
    Map<String, Object> figures() {
        return figures;
    }

    /** The rows of all sets that could not be read, each with its file, record and reason. */
    Optional<Dataset<Row>> quarantine() {
        return landed.stream().map(read -> read.table(DataTables.QUARANTINE)).reduce(Dataset::unionByName);
    }

    @Override
    public void close() {
        landed.forEach(Landed::close);
    }
}
