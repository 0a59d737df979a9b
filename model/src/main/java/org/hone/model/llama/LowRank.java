package org.hone.model.llama;

import org.hone.model.tensor.Layers;
import org.hone.model.tensor.Tensor;

/**
 * What stands beside one matrix W (out, in): ΔW = scale · B · A, never multiplied out.
 *
 * @param down A (r, in)
 * @param up B (out, r)
 * @param scale α/r
 */
record LowRank(Tensor down, Tensor up, double scale) {
    /** scale · (x · Aᵀ) · Bᵀ, in the type of x; (…, in) → (…, out). */
    Tensor product(Tensor x) {
        Tensor narrow = Layers.linear(x, down.to(x.dataType()));
        return Layers.linear(narrow, up.to(x.dataType())).mul(scale);
    }

    /** ΔW, (out, in). */
    Tensor difference() {
        return Layers.matmul(up, down).mul(scale);
    }
}
