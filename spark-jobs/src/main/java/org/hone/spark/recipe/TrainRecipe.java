package org.hone.spark.recipe;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One training stage by itself: token shards in, a model out.
 *
 * @param name the recipe's name
 * @param seed decides the order of the rows and the weights of a new head or model
 * @param startFrom Hugging Face folder of the model to start from; null: a fresh one
 * @param model the fresh model to start from; null: one that is there
 * @param tokenizer tokenizer file or folder that the shards were made with; it is copied beside the trained model
 * @param shards folder of token shards, as {@code hone pack} writes them
 * @param ranking what a reward model learns beside which response is better; nothing for another kind
 * @param training how the ranks work together
 * @param optimization the optimiser
 * @param validation held-out rows that the run is watched by
 */
public record TrainRecipe(
        String name,
        long seed,
        @Nullable String startFrom,
        @Nullable ModelRecipe model,
        String tokenizer,
        String shards,
        RankingRecipe ranking,
        TrainingRecipe training,
        OptimizationRecipe optimization,
        ValidationRecipe validation) {
    /** What can be trained, with the defaults of the Llama 2 recipe. */
    public enum Kind {
        /** Text, from its first token to its last (section 3). */
        PRETRAIN,
        /** Demonstrations: the loss is on the responses (section 4). */
        SFT,
        /** Comparisons (section 6). */
        REWARD_MODEL;

        OptimizationRecipe.Defaults defaults() {
            return switch (this) {
                case PRETRAIN -> OptimizationRecipe.Defaults.PRETRAINING;
                case SFT -> OptimizationRecipe.Defaults.SFT;
                case REWARD_MODEL -> OptimizationRecipe.Defaults.REWARD_MODEL;
            };
        }

        /**
         * The name of the command and of its folder.
         *
         * @return the name, in lower case with dashes
         */
        public String command() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    static TrainRecipe read(Section root, Kind kind) {
        boolean mayBeFresh = kind == Kind.PRETRAIN;
        Section fresh = mayBeFresh ? root.optionalSection("model") : null;
        String startFrom = mayBeFresh ? root.optionalPath("start-from") : root.path("start-from");
        TrainRecipe recipe = new TrainRecipe(
                root.text("name"),
                root.seed("seed", 0),
                startFrom,
                fresh == null ? null : ModelRecipe.read(fresh),
                startFrom == null ? root.path("tokenizer") : root.path("tokenizer", startFrom),
                root.path("shards"),
                kind == Kind.REWARD_MODEL ? RankingRecipe.read(root.section("reward-model")) : RankingRecipe.NONE,
                TrainingRecipe.read(root.section("training")),
                OptimizationRecipe.read(root.section("optimization"), kind.defaults()),
                ValidationRecipe.read(root.section("validation")));
        recipe.check(root);
        return recipe;
    }

    private void check(Section root) {
        if (startFrom == null && model == null) {
            root.refuse(
                    "start-from",
                    "is missing; give the folder of a model to start from, or in section model the shape of a fresh one");
        }
        if (startFrom != null && model != null) {
            root.refuse(
                    "model",
                    "got a fresh model, and start-from " + startFrom
                            + "; a run starts from one model: keep one of the two keys");
        }
        if (model != null && optimization.lora().isUsed()) {
            root.refuse(
                    "optimization",
                    "got lora.rank " + optimization.lora().rank()
                            + ", and adapters cannot teach a fresh model; leave lora out, or give start-from");
        }
        training.checkBatch(root, "optimization", optimization.batchSize());
    }

    /**
     * Where a run starts.
     *
     * @param fresh folder of the fresh model, if the run has one
     * @return the Hugging Face folder of its initial model
     */
    public String initialModel(String fresh) {
        return startFrom == null ? fresh : startFrom;
    }
}
