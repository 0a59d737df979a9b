package org.hone.spark.prepare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.hone.data.curation.SiteList;
import org.hone.data.curation.SourceRole;
import org.hone.spark.curation.CuratedTables;
import org.hone.spark.curation.Curation;
import org.hone.spark.curation.CurationInput;
import org.hone.spark.curation.MixtureReport;
import org.hone.spark.curation.SourceCounts;
import org.hone.spark.recipe.DataRecipe;
import org.hone.spark.recipe.DataSourceRecipe;
import org.hone.spark.recipe.ResolvedRecipe;
import org.hone.spark.run.StageReport;
import org.hone.spark.table.DataTables;
import org.hone.spark.table.Table;
import org.jspecify.annotations.Nullable;

/**
 * {@code tables/} → {@code curated/}: what the recipe removes is in {@code curated/removed} with the one rule that removed
 * it; what is left is held out, mixed, and ready for tokens. Rows in are rows out, held out and removed, by source.
 */
public final class CurateTables {
    /** The step's folder. */
    static final String STEP = "curated";
    /** The command that takes it. */
    static final String COMMAND = "curate";

    private CurateTables() {}

    /**
     * Curates.
     *
     * @param folder the data folder
     * @param resolved the recipe
     * @return counts by table, source and rule
     * @throws IOException if something cannot be read or written
     */
    public static StageReport run(DataFolder folder, ResolvedRecipe<DataRecipe> resolved) throws IOException {
        DataRecipe recipe = resolved.recipe();
        try (EvaluationSets evaluation = EvaluationSets.open(folder, recipe.evaluationSets())) {
            StringBuilder inputs = new StringBuilder(resolved.yaml()).append(evaluation.inputs());
            for (Table table : DataTables.ALL) {
                inputs.append(table.name()).append(' ');
                inputs.append(folder.store().state(folder.path(DataFolder.TABLES + table.name())));
            }
            SiteList sites = sites(folder, recipe.curation().excludedSites(), inputs);
            return Steps.once(folder, STEP, inputs.toString(), () -> {
                Dataset<Row> preferences = folder.imported(DataTables.PREFERENCES);
                MixtureSources.check(
                        preferences, roles(recipe), recipe.curation().mixtures());
                CurationInput input = new CurationInput(
                        preferences,
                        folder.imported(DataTables.SFT),
                        folder.imported(DataTables.PROMPTS),
                        folder.imported(DataTables.DOCUMENTS),
                        roles(recipe),
                        evaluation.sets(),
                        sites);
                Curation curation = new Curation(recipe.curation(), recipe.seed(), folder.path(STEP + "/_work"));
                try (CuratedTables curated = curation.curate(input)) {
                    write(folder, curated);
                    write(folder, evaluation);
                    folder.storage().writeText(folder.path(STEP + "/recipe.yaml"), resolved.yaml());
                    Map<String, Object> figures = figures(curated);
                    figures.putAll(evaluation.figures());
                    return new StageReport(figures);
                }
            });
        }
    }

    private static SiteList sites(DataFolder folder, @Nullable String file, StringBuilder inputs) throws IOException {
        if (file == null) {
            return SiteList.NONE;
        }
        String text = folder.storage().readText(file);
        inputs.append(text);
        return SiteList.of(text.lines());
    }

    /** The weeks of a source are one source; the earlier it stands in the recipe, the more it is preferred. */
    private static List<SourceRole> roles(DataRecipe recipe) {
        Map<String, SourceRole> roles = new LinkedHashMap<>();
        for (DataSourceRecipe source : recipe.sources()) {
            roles.putIfAbsent(
                    source.name(),
                    new SourceRole(source.name(), source.axis(), source.origin(), source.weight(), roles.size()));
        }
        return new ArrayList<>(roles.values());
    }

    private static void write(DataFolder folder, CuratedTables curated) throws IOException {
        Map<Table, Dataset<Row>> tables = new LinkedHashMap<>();
        tables.put(Curated.HELPFULNESS, curated.helpfulness());
        tables.put(Curated.SAFETY, curated.safety());
        tables.put(Curated.HELD_OUT, curated.heldOut());
        tables.put(Curated.SFT, curated.sft());
        tables.put(Curated.PROMPTS, curated.prompts());
        tables.put(Curated.DOCUMENTS, curated.documents());
        tables.put(Curated.REMOVED, curated.removed());
        for (Map.Entry<Table, Dataset<Row>> table : tables.entrySet()) {
            folder.store()
                    .overwrite(folder.path(DataFolder.CURATED + table.getKey().name()), table.getValue(), "curation");
        }
    }

    private static void write(DataFolder folder, EvaluationSets evaluation) throws IOException {
        String path = folder.path(DataFolder.CURATED + Curated.EVALUATION_QUARANTINE.name());
        Optional<Dataset<Row>> quarantine = evaluation.quarantine();
        if (quarantine.isPresent()) {
            folder.store().overwrite(path, quarantine.get(), "evaluation sets");
        } else {
            folder.storage().delete(path);
        }
    }

    private static Map<String, Object> figures(CuratedTables curated) {
        Map<String, Object> figures = new LinkedHashMap<>();
        long in = 0;
        long training = 0;
        long heldOut = 0;
        long removed = 0;
        for (SourceCounts counts : curated.counts()) {
            in += counts.rowsIn();
            training += counts.training();
            heldOut += counts.heldOut();
            removed += counts.removedRows();
        }
        figures.put("rows_in", in);
        figures.put("training", training);
        figures.put("held_out", heldOut);
        figures.put("removed", removed);
        for (SourceCounts counts : curated.counts()) {
            String of = " " + counts.table() + " " + counts.source();
            figures.put("rows_in" + of, counts.rowsIn());
            figures.put("training" + of, counts.training());
            if (counts.heldOut() > 0) {
                figures.put("held_out" + of, counts.heldOut());
            }
            if (counts.repeats() > 0) {
                figures.put("repeats" + of, counts.repeats());
            }
            counts.removed().forEach((rule, rows) -> figures.put("removed" + of + " " + rule, rows));
        }
        for (MixtureReport mixture : curated.mixtures()) {
            String of = " " + mixture.name();
            long drawn = mixture.drawn().first() + mixture.drawn().second();
            figures.put(
                    "mixture" + of,
                    mixture.drawn().first() + " + " + mixture.drawn().second() + (drawn == 0 ? ", empty" : ""));
            figures.put(
                    "mixture_available" + of,
                    mixture.available().first() + " + " + mixture.available().second());
        }
        return figures;
    }
}
