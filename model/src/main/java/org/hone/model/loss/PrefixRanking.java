package org.hone.model.loss;

import java.util.Arrays;
import org.hone.model.tensor.Elementwise;
import org.hone.model.tensor.Indexing;
import org.hone.model.tensor.Reductions;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;

/**
 * Ranks what two responses begin with, and not only the whole of them: L = Σ_pairs 1/|T| Σ_{t ∈ T} −ln σ(r_t(y_c) − r_t(y_r)), in
 * nats. r_t is the reward read at a response's t-th token, or at its last one if it is shorter; T goes from the first token in which
 * the two differ to the end of the longer one. A pair so gives a comparison a token instead of one, as token-level verifiers have it
 * (arXiv 2110.14168 section 4.2), and every token learns to sum up what came before it, which the last one, where the reward is read,
 * has to do. Margins are of whole responses and do not count here.
 */
public final class PrefixRanking {
    private PrefixRanking() {}

    /**
     * Adds up the loss of pairs.
     *
     * @param rewards read at any tokens, (R)
     * @param chosen where among the R those of the preferred responses' beginnings stand, (M)
     * @param rejected where those of the others' beginnings of the same length stand, (M)
     * @param weights what each comparison counts, (M); those of one pair add up to 1
     * @return the sum, a scalar; divide it by the global number of pairs
     * @throws IllegalArgumentException if the sizes differ
     */
    public static Tensor sum(Tensor rewards, int[] chosen, int[] rejected, float[] weights) {
        if (rewards.shape().length != 1 || chosen.length != weights.length || rejected.length != weights.length) {
            throw new IllegalArgumentException("rewards " + Arrays.toString(rewards.shape()) + ", " + chosen.length
                    + " beginnings of chosen and " + rejected.length + " of rejected responses do not belong to "
                    + weights.length + " weights");
        }
        Tensor precise = Elementwise.atLeastSingle(rewards);
        Tensor apart = at(precise, chosen).sub(at(precise, rejected));
        Tensor counted = Elementwise.logSigmoid(apart).mul(Tensors.of(weights).to(apart.device()));
        return Reductions.sum(counted).neg();
    }

    private static Tensor at(Tensor rewards, int[] places) {
        return Indexing.indexSelect(rewards, 0, Tensors.of(places).to(rewards.device()));
    }
}
