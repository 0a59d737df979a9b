package org.hone.spark.prepare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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

/** Evaluation sets from their raw files; they are read, never kept. */
final class EvaluationSets implements AutoCloseable {
    private final List<Landed> landed = new ArrayList<>();
    private final List<EvaluationSet> sets = new ArrayList<>();
    private final StringBuilder inputs = new StringBuilder();

    static EvaluationSets open(DataFolder folder, List<EvaluationSetRecipe> recipes) throws IOException {
        EvaluationSets opened = new EvaluationSets();
        for (EvaluationSetRecipe recipe : recipes) {
            List<String> files = Sources.files(folder.spark(), List.of(recipe.path()));
            ImportSource source = new ImportSource(recipe.name(), files, recipe.format(), null, null);
            ImportPlan plan = ImportPlan.of(folder.spark(), List.of(source));
            for (ImportPlan.PlannedFile file : plan.files()) {
                opened.inputs
                        .append(recipe.name())
                        .append(' ')
                        .append(file.sha256())
                        .append(' ');
                opened.inputs.append(file.format().identity()).append('\n');
            }
            opened.read(new Importer(folder.spark()).read(plan), recipe.name());
        }
        return opened;
    }

    private void read(Landed set, String name) {
        landed.add(set);
        for (Table table : DataTables.ALL) {
            Dataset<Row> rows = set.table(table);
            sets.add(EvaluationSet.of(name, rows));
        }
    }

    List<EvaluationSet> sets() {
        return sets;
    }

    /** What the sets were made from, for a step's marker. */
    String inputs() {
        return inputs.toString();
    }

    @Override
    public void close() {
        landed.forEach(Landed::close);
    }
}
