package org.hone.spark.recipe;

import java.util.List;

/**
 * What a team's data is made of, and how it is made ready for training.
 *
 * @param name the recipe's name
 * @param seed from which every random choice follows
 * @param tables how tables are kept
 * @param sources the raw files
 */
public record DataRecipe(String name, long seed, TableFormat tables, List<DataSourceRecipe> sources) {
    static DataRecipe read(Section root) {
        List<DataSourceRecipe> sources =
                root.sections("sources").stream().map(DataSourceRecipe::read).toList();
        long names = sources.stream()
                .map(source -> source.name() + " week " + source.week())
                .distinct()
                .count();
        if (names < sources.size()) {
            root.refuse("sources", "two sources have one name and week; rows are told apart by them");
        }
        return new DataRecipe(
                root.text("name"),
                root.seed("seed", 0),
                root.choice("tables", TableFormat.class, TableFormat.DELTA),
                sources);
    }
}
