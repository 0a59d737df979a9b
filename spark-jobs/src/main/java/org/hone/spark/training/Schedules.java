package org.hone.spark.training;

import org.hone.model.training.AdamW;
import org.hone.model.training.LearningRateSchedule;
import org.hone.spark.recipe.OptimizationRecipe;

/** The optimiser's numbers, as a recipe gives them. */
final class Schedules {
    private Schedules() {}

    static LearningRateSchedule of(OptimizationRecipe recipe, long totalSteps) {
        long wanted = Math.max(recipe.warmupSteps(), (long) Math.ceil(recipe.warmupFraction() * totalSteps));
        long warmup = Math.min(wanted, totalSteps);
        return switch (recipe.schedule()) {
            case COSINE ->
                new LearningRateSchedule.WarmupCosine(
                        recipe.learningRate(), warmup, totalSteps, recipe.finalFraction());
            case CONSTANT -> new LearningRateSchedule.Constant(recipe.learningRate(), warmup);
        };
    }

    static AdamW.Settings settings(OptimizationRecipe recipe) {
        return new AdamW.Settings(recipe.beta1(), recipe.beta2(), recipe.epsilon(), recipe.weightDecay());
    }
}
