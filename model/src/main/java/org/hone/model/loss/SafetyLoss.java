package org.hone.model.loss;

import java.util.Arrays;
import org.hone.model.tensor.Elementwise;
import org.hone.model.tensor.Reductions;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;

/**
 * The auxiliary loss of a safety reward model (recipe section 6; arXiv 2307.09288 section 3.2.2): whether a response is safe,
 * told from the representation that its reward is read off. L = Σ −ln σ(z) for a safe response and −ln σ(−z) for an unsafe
 * one, in nats; z is the logit of being safe.
 */
public final class SafetyLoss {
    private SafetyLoss() {}

    /**
     * Adds up the loss of labelled responses.
     *
     * @param logits z of each response, (N)
     * @param safe whether each is safe, (N)
     * @return the sum, a scalar; divide it by the global number of labelled responses
     * @throws IllegalArgumentException if the sizes differ
     */
    public static Tensor sum(Tensor logits, boolean[] safe) {
        if (!Arrays.equals(logits.shape(), new long[] {safe.length})) {
            throw new IllegalArgumentException(
                    "logits " + Arrays.toString(logits.shape()) + " do not belong to " + safe.length + " labels");
        }
        float[] signs = new float[safe.length];
        for (int i = 0; i < signs.length; i++) {
            signs[i] = safe[i] ? 1 : -1;
        }
        Tensor signed = logits.mul(Tensors.of(signs).to(logits.device()));
        Tensor precise = Elementwise.atLeastSingle(signed);
        return Reductions.sum(Elementwise.logSigmoid(precise)).neg();
    }
}
