package org.hone.model.llama;

import java.util.Map;
import org.hone.model.tensor.DataType;
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

    /**
     * Runs packed tokens through the body so that a gradient can be brought back through it.
     *
     * @param batch (N)
     * @param recompute whether blocks are computed again on the way back instead of being remembered: about a third more
     *     work, for the memory of one block instead of all
     * @return the pass, in the open tidy region
     * @throws IllegalArgumentException if an id is not in the vocabulary
     */
    ForwardPass forward(PackedBatch batch, boolean recompute);

    /**
     * Chooses the type that matrices are multiplied in from now on. Weights stay as they are, and so do sums, norms and
     * attention: single-precision weights with {@link DataType#BFLOAT16} is mixed-precision training (arXiv 1710.03740).
     *
     * @param dataType the type
     */
    void computeIn(DataType dataType);

    /** {@return the type that matrices are multiplied in; that of the weights unless it was chosen} */
    DataType compute();

    /** Frees the weights. */
    @Override
    void close();
}
