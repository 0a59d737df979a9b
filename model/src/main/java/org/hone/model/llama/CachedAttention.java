package org.hone.model.llama;

import org.hone.model.tensor.Elementwise;
import org.hone.model.tensor.Layers;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;

/** New tokens (B, T) that look at those in a cache too, and are written into it. Not for training. */
final class CachedAttention implements Attention {
    private final KvCache cache;

    CachedAttention(KvCache cache) {
        this.cache = cache;
    }

    @Override
    public Tensor attend(int layer, Tensor query, Tensor key, Tensor value) {
        int start = cache.length();
        int count = (int) query.size(1);
        cache.write(layer, key.transpose(1, 2), value.transpose(1, 2));
        Tensor keys = cache.keys(layer, start + count);
        Tensor values = cache.values(layer, start + count);
        if (count == 1) {
            return oneToken(query, keys, values);
        }
        if (start == 0) {
            return PaddedAttention.merged(Layers.attention(query.transpose(1, 2), keys, values, null, true));
        }
        Tensor positions = Tensors.range(start, start + count, query.device()).unsqueeze(1);
        Tensor mask = Elementwise.lessOrEqual(Tensors.range(0, start + count, query.device()), positions);
        return PaddedAttention.merged(Layers.attention(query.transpose(1, 2), keys, values, mask, false));
    }

    /**
     * One new token sees every key. The query heads that share a key-value head are handed over as if they were so many
     * tokens of one head: the same numbers, and no key is copied.
     */
    private static Tensor oneToken(Tensor query, Tensor keys, Tensor values) {
        long rows = query.size(0);
        long shared = query.size(2) / keys.size(1);
        Tensor grouped = query.reshape(rows, keys.size(1), shared, query.size(3));
        return Layers.attention(grouped, keys, values, null, false).reshape(rows, 1, -1);
    }
}
