package org.hone.spark.quickstart;

import org.hone.spark.recipe.ModelRecipe;

/**
 * How large a small world and its model are.
 *
 * @param documents short documents that the base model is pretrained on
 * @param preferences rated comparisons
 * @param vocabulary pieces of the tokenizer
 * @param hiddenSize H, a multiple of 48
 * @param layers blocks of the model
 */
public record WorldSize(long documents, long preferences, int vocabulary, int hiddenSize, int layers) {
    /** As much as two cores learn in a few minutes: 0.5 million parameters. */
    public static final WorldSize QUICKSTART = new WorldSize(16_000, 3_200, 1_024, 96, 4);

    private static final int HEADS = 4;
    private static final int KEY_VALUE_HEADS = 2;
    private static final int FEED_FORWARD_RATIO = 8;
    private static final int FEED_FORWARD_DIVISOR = 3;

    /** Grouped-query attention and a tied head, like the small Llamas. */
    ModelRecipe model(int contextLength) {
        return new ModelRecipe(
                vocabulary,
                hiddenSize,
                hiddenSize * FEED_FORWARD_RATIO / FEED_FORWARD_DIVISOR,
                layers,
                HEADS,
                KEY_VALUE_HEADS,
                contextLength,
                1e-5,
                10_000,
                true);
    }
}
