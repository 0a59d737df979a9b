package org.hone.spark.prepare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.hone.spark.curation.EvaluationSet;
import org.hone.spark.importer.ImportPlan;
import org.hone.spark.importer.ImportSource;
import org.hone.spark.importer.Importer;
import org.hone.spark.importer.Landed;
import org.hone.spark.recipe.EvaluationSetRecipe;
import org.hone.spark.table.DataTables;
import org.hone.spark.table.Table;

/** Evaluation sets from their raw files; they are read when they are asked for, and never kept. */
final class EvaluationSets implements AutoCloseable {
    private final Importer importer;
    private final List<Planned> plans = new ArrayList<>();
    private final List<Landed> landed = new ArrayList<>();

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
            for (Table table : DataTables.ALL) {
                sets.add(EvaluationSet.of(planned.name, read.table(table)));
            }
        }
        return sets;
    }

    @Override
    public void close() {
        landed.forEach(Landed::close);
    }
}
