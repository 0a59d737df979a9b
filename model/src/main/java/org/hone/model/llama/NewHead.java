package org.hone.model.llama;

import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What a reward model's head starts as, where it is not an earlier one's.
 *
 * @param seed of random weights, the same on every machine; null: the weights are zero
 */
public record NewHead(@Nullable Long seed) {
    /**
     * Zeros: every response is as good as any other at first, and the ranking loss starts at ln 2. The body learns from the
     * second step on.
     */
    public static final NewHead ZERO = new NewHead(null);

    /**
     * Weights as in the summarisation work that rewards of this form come from (arXiv 2009.01325): normal(0, 1/√(H + 1)), so
     * that first rewards are of the order of 1.
     *
     * @param seed the same on every machine
     * @return such a head
     */
    public static NewHead random(long seed) {
        return new NewHead(seed);
    }

    /** {@return the H weights that it starts as} */
    float[] weights(int hiddenSize) {
        float[] head = new float[hiddenSize];
        if (seed != null) {
            Random random = new Random(seed);
            for (int i = 0; i < head.length; i++) {
                head[i] = (float) (random.nextGaussian() / StrictMath.sqrt(head.length + 1.0));
            }
        }
        return head;
    }
}
