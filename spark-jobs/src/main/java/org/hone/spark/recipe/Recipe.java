package org.hone.spark.recipe;

import org.hone.data.template.ExampleEncoder;

/**
 * A run of rounds, as a user writes it down.
 *
 * @param name the run's name
 * @param seed from which every random choice follows
 * @param baseModel Hugging Face folder of the base model, as a Hadoop path
 * @param tokenizer tokenizer file or folder, as a Hadoop path
 * @param template name of the chat template
 * @param maxLength longest row, prompt and response together, in tokens
 * @param preferences the preference data
 * @param training how training is spread over the cluster
 * @param sft supervised fine-tuning
 * @param rewardModel the reward model
 * @param rejectionSampling the K samples a prompt
 * @param select which of them are fine-tuned on
 * @param fineTune fine-tuning on the selected responses
 * @param evaluation policy evaluation
 */
public record Recipe(
        String name,
        long seed,
        String baseModel,
        String tokenizer,
        String template,
        int maxLength,
        PreferencesRecipe preferences,
        TrainingRecipe training,
        OptimizationRecipe sft,
        RewardModelRecipe rewardModel,
        RejectionSamplingRecipe rejectionSampling,
        SelectionRecipe select,
        FineTuneRecipe fineTune,
        EvaluationRecipe evaluation) {
    /** The key that no other recipe has. */
    static final String BASE_MODEL = "base-model";

    static Recipe read(Section root) {
        String baseModel = root.path(BASE_MODEL);
        Recipe recipe = new Recipe(
                root.text("name"),
                root.seed("seed", 0),
                baseModel,
                root.path("tokenizer", baseModel),
                root.text("template", "llama2"),
                root.integer("max-length", 4_096, ExampleEncoder.SMALLEST_MAX_LENGTH, 1 << 20),
                PreferencesRecipe.read(root.section("preferences")),
                TrainingRecipe.read(root.section("training")),
                OptimizationRecipe.read(root.section("sft"), OptimizationRecipe.Defaults.SFT),
                RewardModelRecipe.read(root.section("reward-model")),
                RejectionSamplingRecipe.read(root.section("rejection-sampling")),
                SelectionRecipe.read(root.section("select")),
                FineTuneRecipe.read(root.section("fine-tune")),
                EvaluationRecipe.read(root.section("evaluation")));
        refuseAdapters(root, "sft", recipe.sft().lora());
        refuseAdapters(root, "reward-model", recipe.rewardModel().optimization().lora());
        refuseAdapters(root, "fine-tune", recipe.fineTune().optimization().lora());
        TrainingRecipe training = recipe.training();
        training.checkBatch(root, "sft", recipe.sft().batchSize());
        training.checkBatch(
                root, "reward-model", recipe.rewardModel().optimization().batchSize());
        training.checkBatch(root, "fine-tune", recipe.fineTune().optimization().batchSize());
        int longest = recipe.rejectionSampling().maxNewTokens();
        if (longest > recipe.maxLength() - 1 - ExampleEncoder.KEPT_PROMPT_TOKENS) {
            root.refuse(
                    "max-length",
                    "got " + recipe.maxLength() + ", too short for rejection-sampling.max-new-tokens " + longest
                            + " and a prompt; raise it or lower max-new-tokens");
        }
        return recipe;
    }

    private static void refuseAdapters(Section root, String key, LoraRecipe lora) {
        if (lora.isUsed() && lora.save() == LoraRecipe.Save.ADAPTERS) {
            root.refuse(
                    key,
                    "got lora.save adapters, and the later stages of a round run whole models; use merged, or hone sft and"
                            + " hone reward-model by themselves");
        }
    }
}
