package org.hone.spark.recipe;

/**
 * How a distillation is watched by conversations that the student does not learn from.
 *
 * @param heldOutFraction expected share of the conversations that are held out; 0: it is not watched so
 * @param everySteps steps between two evaluations; there is one at the end in any case
 * @param keepBest whether the weights with the lowest held-out loss are written as the model, and not the last ones
 */
public record HeldOutPromptsRecipe(double heldOutFraction, int everySteps, boolean keepBest) {
    static HeldOutPromptsRecipe read(Section section) {
        HeldOutPromptsRecipe recipe = new HeldOutPromptsRecipe(
                section.number("held-out-fraction", 0, 0, 0.9),
                section.integer("every-steps", 50, 1, 1_000_000),
                section.flag("keep-best", false));
        if (recipe.heldOutFraction() == 0 && recipe.keepBest()) {
            section.refuse(
                    "keep-best",
                    "got true, but with validation.held-out-fraction 0 there is nothing to tell the best by; hold out"
                            + " 0.05, say");
        }
        return recipe;
    }
}
