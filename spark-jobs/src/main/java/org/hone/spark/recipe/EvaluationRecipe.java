package org.hone.spark.recipe;

/**
 * How the policy is compared before and after, on prompts that nothing was trained on.
 *
 * @param prompts held-out prompts, at most
 * @param samplesPerPrompt responses a prompt of each policy
 */
public record EvaluationRecipe(int prompts, int samplesPerPrompt) {
    static EvaluationRecipe read(Section section) {
        return new EvaluationRecipe(
                section.integer("prompts", 200, 2, Integer.MAX_VALUE),
                section.integer("samples-per-prompt", 4, 1, 1_024));
    }
}
