package org.hone.model.llama;

import java.util.function.BinaryOperator;
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
    /** scale · (x · Aᵀ) · Bᵀ, in the type of x; (…, in) → (…, out). {@code by} multiplies rows by a weight matrix. */
    Tensor product(Tensor x, BinaryOperator<Tensor> by) {
        Tensor narrow = by.apply(x, down.to(x.dataType()));
        return by.apply(narrow, up.to(x.dataType())).mul(scale);
    }

    /** ΔW, (out, in). */
    Tensor difference() {
        return Layers.matmul(up, down).mul(scale);
    }
}
