package org.hone.model.llama;

import java.util.LinkedHashMap;
import java.util.Map;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Elementwise;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Reductions;
import org.hone.model.tensor.Tensor;

/**
 * Matrices rounded to 8 bits, row by row, for sampling in a quarter of the memory: w ≈ s · q with s = max |w| / 127 and q whole
 * (arXiv 2208.07339, section 3, absmax by rows). Sums and activations stay as they are. Embeddings and norms are not rounded.
 */
public final class Int8Weights {
    private static final double LARGEST = 127;
    private static final String EMBEDDING = "model.embed_tokens.weight";

    private Int8Weights() {}

    /**
     * Rounds a policy's matrices.
     *
     * @param policy closed, matrix by matrix, so that there are never two copies of all
     * @return the policy with rounded matrices, which can be sampled from and not be trained
     */
    public static Llama of(Llama policy) {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        Map<String, Tensor> scales = new LinkedHashMap<>();
        policy.parameters().forEach((name, weight) -> {
            if (weight.rank() == 1 || name.equals(EMBEDDING)) {
                weights.put(name, detached(weight));
                return;
            }
            Memory.withoutGradients(() -> Memory.tidy(() -> {
                Tensor largest = Reductions.max(Elementwise.abs(weight), 1).values();
                Tensor scale = largest.mul(1 / LARGEST);
                // a row of zeros has any scale
                Tensor divisor = Elementwise.where(Elementwise.greater(scale, 0), scale, scale.add(1));
                weights.put(
                        name,
                        Elementwise.round(weight.div(divisor.unsqueeze(1)))
                                .to(DataType.INT8)
                                .keep());
                scales.put(name, scale.keep());
            }));
            weight.close();
        });
        LlamaConfig config = policy.config();
        policy.close();
        return new Llama(config, weights, scales);
    }

    private static Tensor detached(Tensor weight) {
        return Memory.withoutGradients(() -> Memory.tidy(() -> weight.detach().keep()));
    }
}
