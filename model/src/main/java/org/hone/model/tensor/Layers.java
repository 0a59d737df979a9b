package org.hone.model.tensor;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

import static org.hone.model.tensor.Native.op;
import static org.hone.model.tensor.Native.optional;

/** The parts of a transformer that libtorch has whole. */
public final class Layers {
    /** libtorch's number for the reduction that adds up. */
    private static final long SUM = 2;

    private Layers() {}

    /**
     * Multiplies by a weight matrix.
     *
     * @param x (…, in)
     * @param weight (out, in)
     * @return x · weightᵀ, (…, out)
     */
    public static Tensor linear(Tensor x, Tensor weight) {
        return op(() -> torch.linear(x.handle(), weight.handle()));
    }

    /**
     * Multiplies matrices; leading dimensions broadcast.
     *
     * @param x (…, n, k)
     * @param y (…, k, m)
     * @return (…, n, m)
     */
    public static Tensor matmul(Tensor x, Tensor y) {
        return op(() -> torch.matmul(x.handle(), y.handle()));
    }

    /**
     * Multiplies a batch of matrices.
     *
     * @param x (B, n, k)
     * @param y (B, k, m)
     * @return (B, n, m)
     */
    public static Tensor batchMatmul(Tensor x, Tensor y) {
        return op(() -> torch.bmm(x.handle(), y.handle()));
    }

    /**
     * Looks rows up.
     *
     * @param weight (V, H)
     * @param ids integers below V
     * @return the rows, (…, H)
     */
    public static Tensor embedding(Tensor weight, Tensor ids) {
        return op(() -> torch.embedding(weight.handle(), ids.handle()));
    }

    /**
     * Normalises by the root mean square of the last dimension (arXiv 1910.07467).
     *
     * @param x (…, H)
     * @param weight (H)
     * @param epsilon keeps the root above 0
     * @return x / √(mean(x²) + ε) · weight
     */
    public static Tensor rmsNorm(Tensor x, Tensor weight, double epsilon) {
        return op(() -> torch.rms_norm(
                x.handle(), weight.shape(), new TensorOptional(weight.handle()), new DoubleOptional(epsilon)));
    }

    /**
     * Attends: softmax(query · keyᵀ / √D + mask) · value, where consecutive query heads share a key-value head if there are
     * fewer of those (grouped-query attention, arXiv 2305.13245).
     *
     * @param query (B, heads, T, D)
     * @param key (B, key-value heads, S, D)
     * @param value (B, key-value heads, S, D)
     * @param mask true where a query may look, or numbers to add, broadcast to (B, heads, T, S); or none
     * @param causal whether query t looks at keys 0 … t only; not together with a mask
     * @return (B, heads, T, D)
     */
    public static Tensor attention(Tensor query, Tensor key, Tensor value, @Nullable Tensor mask, boolean causal) {
        if (query.dataType().bytes() < Float.BYTES && query.device().kind() == Device.Kind.CPU) {
            // 16-bit attention is 18 times slower than 32-bit in this build of libtorch, which has no MKL
            return attention(
                            query.to(DataType.FLOAT32),
                            key.to(DataType.FLOAT32),
                            value.to(DataType.FLOAT32),
                            mask,
                            causal)
                    .to(query.dataType());
        }
        boolean grouped = query.size(1) != key.size(1);
        return op(() -> torch.scaled_dot_product_attention(
                query.handle(),
                key.handle(),
                value.handle(),
                optional(mask),
                0.0,
                causal,
                new DoubleOptional(),
                grouped));
    }

    /**
     * Adds up the negative log-probabilities of the targets, in nats.
     *
     * @param logits (N, V)
     * @param targets (N) 64-bit integers below V
     * @param ignoredTarget a target that counts nothing; choose a negative one
     * @return Σ −ln softmax(logits)[target], a scalar
     */
    public static Tensor crossEntropySum(Tensor logits, Tensor targets, long ignoredTarget) {
        return op(() -> torch.cross_entropy_loss(
                logits.handle(), targets.handle(), new TensorOptional(), SUM, ignoredTarget, 0.0));
    }
}
