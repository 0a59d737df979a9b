package org.hone.model.llama;

import org.hone.model.tensor.Device;
import org.hone.model.tensor.Elementwise;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;

/** Which tokens of a sequence its own ones look at, if those begin behind a prefix. */
final class PrefixMask {
    private PrefixMask() {}

    /**
     * Own token t sees the prefix and own tokens up to t.
     *
     * @param prefixes (B) tokens of each sequence's prefix
     * @param own T own tokens
     * @param all S tokens of a sequence, the prefix first
     * @param device where to
     * @return true where token t looks at token s, (B, 1, T, S)
     */
    static Tensor of(int[] prefixes, int own, int all, Device device) {
        Tensor begin = Tensors.of(prefixes).to(device).view(prefixes.length, 1, 1, 1);
        Tensor last = begin.add(Tensors.range(0, own, device).unsqueeze(1));
        return Elementwise.lessOrEqual(Tensors.range(0, all, device), last);
    }
}
