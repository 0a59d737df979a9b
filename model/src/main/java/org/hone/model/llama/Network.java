package org.hone.model.llama;

import java.util.Map;
import org.hone.model.tensor.Tensor;

/** A Llama body with a head on it: what a trainer needs to know of a model. */
public sealed interface Network extends AutoCloseable permits Llama, RewardModel {
    /** {@return the shape of the body} */
    LlamaConfig config();

    /** {@return every weight by its Hugging Face name, always in the same order; leaves that require gradients} */
    Map<String, Tensor> parameters();

    /**
     * Replaces every weight, for example by views of one flat buffer. The old ones are closed.
     *
     * @param replacements the same names and shapes; they are kept, and closed with the model
     * @throws IllegalArgumentException if a name or a shape differs
     */
    void rebind(Map<String, Tensor> replacements);

    /** Frees the weights. */
    @Override
    void close();
}
