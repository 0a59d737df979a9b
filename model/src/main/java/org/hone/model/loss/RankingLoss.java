package org.hone.model.loss;

import java.util.Arrays;
import org.hone.model.tensor.Elementwise;
import org.hone.model.tensor.Reductions;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;

/**
 * The loss of reward models (recipe section 6; arXiv 2307.09288 equation 2):
 * L = Σ −ln σ(r(x, y_c) − r(x, y_r) − m(r)), in nats. The logarithm of σ is taken in one
 * step, so that a pair ranked badly wrong gives its distance and not infinity.
 */
public final class RankingLoss {
    private RankingLoss() {}

    /**
     * Adds up the loss of pairs.
     *
     * @param chosen rewards of the preferred responses, (B)
     * @param rejected rewards of the others, (B)
     * @param margins m(r) of each pair's rating, at least 0, (B)
     * @return the sum, a scalar; divide it by the global number of pairs
     * @throws IllegalArgumentException if the sizes differ
     */
    public static Tensor sum(Tensor chosen, Tensor rejected, float[] margins) {
        long[] pairs = {margins.length};
        if (!Arrays.equals(chosen.shape(), pairs) || !Arrays.equals(rejected.shape(), pairs)) {
            throw new IllegalArgumentException("rewards " + Arrays.toString(chosen.shape()) + " and "
                    + Arrays.toString(rejected.shape()) + " do not belong to " + margins.length + " pairs");
        }
        Tensor margin = Tensors.of(margins).to(chosen.device());
        return Reductions.sum(Elementwise.logSigmoid(chosen.sub(rejected).sub(margin)))
                .neg();
    }
}
