package org.hone.model.llama;

import org.hone.model.tensor.Tensor;

/**
 * Which tokens look at which. D is the head size; the leading dimensions are those of the tokens that go through the
 * model: (B, T) for padded rows, (N) for packed ones.
 */
interface Attention {
    /**
     * Mixes the values of the tokens that each token may look at.
     *
     * @param layer the block, from 0
     * @param query (…, heads, D), turned by its position
     * @param key (…, key-value heads, D), turned by its position
     * @param value (…, key-value heads, D)
     * @return (…, heads · D)
     */
    Tensor attend(int layer, Tensor query, Tensor key, Tensor value);
}
