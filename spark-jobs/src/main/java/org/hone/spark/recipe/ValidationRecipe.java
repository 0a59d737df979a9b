package org.hone.spark.recipe;

import org.jspecify.annotations.Nullable;

/**
 * How a training stage by itself is watched on rows that it does not learn from.
 *
 * @param shards folder of token shards of the same kind; none: it is not watched so
 * @param everySteps steps between two evaluations; there is one at the end in any case
 * @param keepBest whether the weights with the lowest held-out loss are written as the model, and not the last ones
 */
public record ValidationRecipe(@Nullable String shards, int everySteps, boolean keepBest) {
    static ValidationRecipe read(Section section) {
        ValidationRecipe recipe = new ValidationRecipe(
                section.optionalPath("shards"),
                section.integer("every-steps", 50, 1, 1_000_000),
                section.flag("keep-best", false));
        if (recipe.shards() == null && recipe.keepBest()) {
            section.refuse("keep-best", "got true, but there are no validation.shards to tell the best by; name them");
        }
        return recipe;
    }
}
