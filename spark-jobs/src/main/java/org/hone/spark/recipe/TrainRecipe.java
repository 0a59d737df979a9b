package org.hone.spark.recipe;

import java.util.Locale;

/**
 * One training stage by itself: token shards in, a model out.
 *
 * @param name the recipe's name
 * @param seed decides the order of the rows and a new head's weights
 * @param startFrom Hugging Face folder of the model to start from
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
        String startFrom,
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
        String startFrom = root.path("start-from");
        return new TrainRecipe(
                root.text("name"),
                root.seed("seed", 0),
                startFrom,
                root.path("tokenizer", startFrom),
                root.path("shards"),
                kind == Kind.REWARD_MODEL ? RankingRecipe.read(root.section("reward-model")) : RankingRecipe.NONE,
                TrainingRecipe.read(root.section("training")),
                OptimizationRecipe.read(root.section("optimization"), kind.defaults()),
                ValidationRecipe.read(root.section("validation")));
    }
}
