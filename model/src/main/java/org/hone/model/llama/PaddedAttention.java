package org.hone.model.llama;

import org.hone.model.tensor.Layers;
import org.hone.model.tensor.Tensor;

/** Rows (B, T) of which every token looks at itself and at those before it in its row. */
final class PaddedAttention implements Attention {
    @Override
    public Tensor attend(int layer, Tensor query, Tensor key, Tensor value) {
        return merged(Layers.attention(query.transpose(1, 2), key.transpose(1, 2), value.transpose(1, 2), null, true));
    }

    /** (B, heads, T, D) → (B, T, heads · D). */
    static Tensor merged(Tensor attended) {
        return attended.transpose(1, 2).reshape(attended.size(0), attended.size(2), -1);
    }
}
