package org.hone.spark.recipe;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a team's data is made of, and how it is made ready for training.
 *
 * @param name the recipe's name
 * @param seed from which every random choice follows
 * @param tables how tables are kept
 * @param sources the raw files, the most trusted source first: of duplicates the earlier source's row is kept
 * @param evaluationSets what may not be trained on
 * @param curation what is removed, held out and mixed
 * @param encoding how rows become tokens
 * @param audit what an audit allows and shows
 */
public record DataRecipe(
        String name,
        long seed,
        TableFormat tables,
        List<DataSourceRecipe> sources,
        List<EvaluationSetRecipe> evaluationSets,
        CurationRecipe curation,
        EncodingRecipe encoding,
        AuditRecipe audit) {
    /**
     * Copies the lists.
     *
     * @param name the recipe's name
     * @param seed from which every random choice follows
     * @param tables how tables are kept
     * @param sources the raw files
     * @param evaluationSets what may not be trained on
     * @param curation what is removed, held out and mixed
     * @param encoding how rows become tokens
     * @param audit what an audit allows and shows
     */
    public DataRecipe {
        sources = List.copyOf(sources);
        evaluationSets = List.copyOf(evaluationSets);
    }

    static DataRecipe read(Section root) {
        List<DataSourceRecipe> sources =
                root.sections("sources").stream().map(DataSourceRecipe::read).toList();
        refuseTwins(root, sources);
        List<EvaluationSetRecipe> evaluationSets = root.has("evaluation-sets")
                ? root.sections("evaluation-sets").stream()
                        .map(EvaluationSetRecipe::read)
                        .toList()
                : root.none("evaluation-sets");
        refuseNamesakes(root, evaluationSets);
        return new DataRecipe(
                root.text("name"),
                root.seed("seed", 0),
                root.choice("tables", TableFormat.class, TableFormat.DELTA),
                sources,
                evaluationSets,
                CurationRecipe.read(root.section("curation")),
                EncodingRecipe.read(root.section("encoding")),
                AuditRecipe.read(root.section("audit")));
    }

    /** A removed row says which set it was found in, and a report how many rows of a set could not be read. */
    private static void refuseNamesakes(Section root, List<EvaluationSetRecipe> sets) {
        Set<String> names = new HashSet<>();
        for (EvaluationSetRecipe set : sets) {
            if (!names.add(set.name())) {
                root.refuse(
                        "evaluation-sets",
                        "two sets have the name " + set.name()
                                + "; give each its own, or one set a pattern that fits all files");
                return;
            }
        }
    }

    private static void refuseTwins(Section root, List<DataSourceRecipe> sources) {
        long slices = sources.stream()
                .map(source -> source.name() + " week " + source.week())
                .distinct()
                .count();
        if (slices < sources.size()) {
            root.refuse("sources", "two entries have one name and week; give one entry a pattern that fits all files");
        }
        for (DataSourceRecipe source : sources) {
            for (DataSourceRecipe other : sources) {
                if (source.name().equals(other.name())
                        && !(source.axis() == other.axis()
                                && source.origin() == other.origin()
                                && source.weight() == other.weight())) {
                    root.refuse(
                            "sources", source.name() + ": its weeks differ in axis, origin or weight; say them alike");
                    return;
                }
            }
        }
    }
}
