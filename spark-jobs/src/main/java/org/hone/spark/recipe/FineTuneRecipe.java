package org.hone.spark.recipe;

/**
 * Fine-tuning on the selected responses (recipe sections 4 and 7).
 *
 * @param startFrom whose weights it starts from; section 10 starts every version from the base model
 * @param optimization its optimiser
 */
public record FineTuneRecipe(StartFrom startFrom, OptimizationRecipe optimization) {
    static FineTuneRecipe read(Section section) {
        return new FineTuneRecipe(
                section.choice("start-from", StartFrom.class, StartFrom.BASE_MODEL),
                OptimizationRecipe.read(section, OptimizationRecipe.Defaults.SFT));
    }
}
