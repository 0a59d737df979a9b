package org.hone.spark.recipe;

import org.hone.data.template.ChatTemplate;
import org.hone.data.template.ExampleEncoder;
import org.jspecify.annotations.Nullable;

/**
 * Distillation (recipe section 7): another policy, usually a smaller one, learns what the large one's pool selected.
 *
 * @param name the recipe's name
 * @param seed decides the order of the rows and which conversations are held out
 * @param from folder of the run whose selection is learned, as a Hadoop path
 * @param round the round whose selection it is, from 1; null: the newest that has selected
 * @param startFrom Hugging Face folder of the student, as a Hadoop path
 * @param tokenizer the student's tokenizer, file or folder; it is copied beside the trained model
 * @param template name of the chat template that the student reads dialogues in
 * @param maxLength the student's longest row, prompt and response together, in its own tokens
 * @param training how training is spread over the cluster
 * @param optimization the optimiser
 * @param validation what the run is watched by
 */
public record DistillRecipe(
        String name,
        long seed,
        String from,
        @Nullable Integer round,
        String startFrom,
        String tokenizer,
        String template,
        int maxLength,
        TrainingRecipe training,
        OptimizationRecipe optimization,
        HeldOutPromptsRecipe validation) {
    static DistillRecipe read(Section root) {
        String startFrom = root.path("start-from");
        DistillRecipe recipe = new DistillRecipe(
                root.text("name"),
                root.seed("seed", 0),
                root.path("from"),
                root.optionalInteger("round", 1, 1_000_000),
                startFrom,
                root.path("tokenizer", startFrom),
                root.text("template", "llama2"),
                root.integer("max-length", 4_096, ExampleEncoder.SMALLEST_MAX_LENGTH, 1 << 20),
                TrainingRecipe.read(root.section("training")),
                OptimizationRecipe.read(root.section("optimization"), OptimizationRecipe.Defaults.SFT),
                HeldOutPromptsRecipe.read(root.section("validation")));
        try {
            ChatTemplate.named(recipe.template());
        } catch (IllegalArgumentException e) {
            root.refuse("template", String.valueOf(e.getMessage()));
        }
        recipe.training().checkBatch(root, "optimization", recipe.optimization().batchSize());
        return recipe;
    }
}
