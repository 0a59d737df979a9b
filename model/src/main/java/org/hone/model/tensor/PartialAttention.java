package org.hone.model.tensor;

import java.util.List;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;

/**
 * Attention over a part of the keys, with what is needed to put parts together (arXiv 2205.14135, section 3.1): of two parts
 * with the logarithms l₁, l₂ of their sums of exponentials, the whole is o₁, o₂ weighted by softmax(l₁, l₂).
 *
 * @param values softmax(query · keyᵀ / √D) · value over the part's keys, (B, heads, T, D)
 * @param logSumExp ln Σ exp(query · key / √D) over them, (B, heads, T), 32-bit
 */
public record PartialAttention(Tensor values, Tensor logSumExp) {
    /** libtorch's kernel for processors; found once, because looking it up takes longer than a small call. */
    private static final class Fused {
        private static final OperatorHandle KERNEL = Dispatcher.singleton()
                .findSchemaOrThrow("aten::_scaled_dot_product_flash_attention_for_cpu", "")
                .retainReference(); // or the region that is open would free it

        private Fused() {}
    }

    /**
     * Attends to all keys of a part. Not for training.
     *
     * @param query (B, heads, T, D)
     * @param key (B, heads, S, D); B may be expanded
     * @param value (B, heads, S, D); B may be expanded
     * @return the part
     */
    public static PartialAttention of(Tensor query, Tensor key, Tensor value) {
        return query.device().kind() == Device.Kind.CPU ? fused(query, key, value) : plain(query, key, value);
    }

    private static PartialAttention fused(Tensor query, Tensor key, Tensor value) {
        return Native.call(() -> {
            IValueVector stack = new IValueVector();
            for (Tensor tensor : List.of(query, key, value)) {
                stack.push_back(new IValue(tensor.handle()));
            }
            stack.push_back(new IValue(0.0)); // no dropout
            stack.push_back(new IValue(false)); // not causal
            stack.push_back(new IValue()); // no mask
            stack.push_back(new IValue()); // 1/√D
            Fused.KERNEL.callBoxed(stack);
            return new PartialAttention(
                    Tensor.wrap(stack.get(0).toTensor()),
                    Tensor.wrap(stack.get(1).toTensor()));
        });
    }

    private static PartialAttention plain(Tensor query, Tensor key, Tensor value) {
        double scale = 1 / Math.sqrt((double) query.size(-1));
        Tensor scores =
                Layers.matmul(query, key.transpose(-2, -1)).to(DataType.FLOAT32).mul(scale);
        Tensor logSumExp = Reductions.logSumExp(scores, -1);
        Tensor weights = Elementwise.exp(scores.sub(logSumExp.unsqueeze(-1))).to(value.dataType());
        return new PartialAttention(Layers.matmul(weights, value), logSumExp);
    }

    /**
     * Puts two parts together. Every row by itself: which other rows there are changes no bit of it.
     *
     * @param other the same queries over other keys
     * @return the values over the keys of both, (B, heads, T, D)
     */
    public Tensor with(PartialAttention other) {
        // softmax goes row by row; a sigmoid takes another function for what is left over behind whole vectors
        Tensor shares = Reductions.softmax(Indexing.stack(List.of(logSumExp, other.logSumExp), logSumExp.rank()), -1)
                .to(values.dataType());
        int last = shares.rank() - 1;
        return values.mul(shares.narrow(last, 0, 1)).add(other.values.mul(shares.narrow(last, 1, 1)));
    }
}
