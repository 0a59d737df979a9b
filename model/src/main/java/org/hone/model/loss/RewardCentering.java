package org.hone.model.loss;

import org.hone.model.tensor.Elementwise;
import org.hone.model.tensor.Reductions;
import org.hone.model.tensor.Tensor;

/**
 * Keeps rewards around zero (arXiv 2312.09244): the ranking loss does not change when a constant is added to every reward, so
 * nothing else says where they lie. L = Σ (r(x, y_c) + r(x, y_r))².
 */
public final class RewardCentering {
    private RewardCentering() {}

    /**
     * Adds up the loss of pairs.
     *
     * @param chosen rewards of the preferred responses, (B)
     * @param rejected rewards of the others, (B)
     * @return the sum, a scalar; divide it by the global number of pairs
     */
    public static Tensor sum(Tensor chosen, Tensor rejected) {
        return Reductions.sum(Elementwise.pow(chosen.add(rejected), 2));
    }
}
