package org.hone.model.tensor;

import java.util.function.Supplier;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.global.torch;

import static org.hone.model.tensor.Native.op;

/** Functions over dimensions: sums, extremes, orders, probabilities. */
public final class Reductions {
    private Reductions() {}

    /**
     * Elements, and the indices where they stood.
     *
     * @param values the elements
     * @param indices 64-bit indices of the same shape
     */
    public record Ranked(Tensor values, Tensor indices) {}

    private static Ranked ranked(Supplier<T_TensorTensor_T> operation) {
        T_TensorTensor_T pair = Native.call(operation);
        // get0() and get1() are borrowed from the pair; the copied handles share their memory
        return new Ranked(
                op(() -> new org.bytedeco.pytorch.Tensor(pair.get0())),
                op(() -> new org.bytedeco.pytorch.Tensor(pair.get1())));
    }

    /**
     * Adds up all elements.
     *
     * @param x the operand
     * @return a scalar
     */
    public static Tensor sum(Tensor x) {
        return op(() -> x.handle().sum());
    }

    /**
     * Adds up a dimension.
     *
     * @param x the operand
     * @param dimension over which; it disappears
     * @return the sums
     */
    public static Tensor sum(Tensor x, int dimension) {
        return op(() -> x.handle().sum(dimension));
    }

    /**
     * Averages all elements.
     *
     * @param x the operand
     * @return a scalar
     */
    public static Tensor mean(Tensor x) {
        return op(() -> x.handle().mean());
    }

    /**
     * Averages a dimension.
     *
     * @param x the operand
     * @param dimension over which; it disappears
     * @return the means
     */
    public static Tensor mean(Tensor x, int dimension) {
        return op(() -> x.handle().mean(dimension));
    }

    /**
     * Finds the largest element.
     *
     * @param x the operand
     * @return a scalar
     */
    public static Tensor max(Tensor x) {
        return op(() -> x.handle().max());
    }

    /**
     * Finds the smallest element.
     *
     * @param x the operand
     * @return a scalar
     */
    public static Tensor min(Tensor x) {
        return op(() -> x.handle().min());
    }

    /**
     * Finds the largest element of a dimension.
     *
     * @param x the operand
     * @param dimension over which; it disappears
     * @return the largest elements and where they stood
     */
    public static Ranked max(Tensor x, int dimension) {
        return ranked(() -> x.handle().max(dimension));
    }

    /**
     * Finds the smallest element of a dimension.
     *
     * @param x the operand
     * @param dimension over which; it disappears
     * @return the smallest elements and where they stood
     */
    public static Ranked min(Tensor x, int dimension) {
        return ranked(() -> x.handle().min(dimension));
    }

    /**
     * Finds where the largest element of a dimension stands.
     *
     * @param x the operand
     * @param dimension over which; it disappears
     * @return indices, the first of equals
     */
    public static Tensor argmax(Tensor x, int dimension) {
        return op(() -> x.handle().argmax(new LongOptional(dimension), false));
    }

    /**
     * Finds the largest elements of a dimension, largest first.
     *
     * @param x the operand
     * @param count how many
     * @param dimension over which
     * @return the elements and where they stood
     */
    public static Ranked topK(Tensor x, int count, int dimension) {
        return ranked(() -> torch.topk(x.handle(), count, dimension, true, true));
    }

    /**
     * Sorts a dimension; equals keep their order.
     *
     * @param x the operand
     * @param dimension which
     * @param descending whether the largest comes first
     * @return the elements and where they stood
     */
    public static Ranked sort(Tensor x, int dimension, boolean descending) {
        return ranked(() -> torch.sort(x.handle(), new BoolOptional(true), dimension, descending));
    }

    /**
     * Adds up a dimension as it goes.
     *
     * @param x the operand
     * @param dimension which
     * @return at every index the sum up to and with it
     */
    public static Tensor cumulativeSum(Tensor x, int dimension) {
        return op(() -> torch.cumsum(x.handle(), dimension));
    }

    /**
     * Turns scores into probabilities.
     *
     * @param x the operand
     * @param dimension over which they add up to 1
     * @return e^x / Σ e^x
     */
    public static Tensor softmax(Tensor x, int dimension) {
        return op(() -> torch.softmax(x.handle(), dimension));
    }

    /**
     * Turns scores into log-probabilities in nats.
     *
     * @param x the operand
     * @param dimension over which
     * @return x − ln Σ e^x
     */
    public static Tensor logSoftmax(Tensor x, int dimension) {
        return op(() -> torch.log_softmax(x.handle(), dimension));
    }

    /**
     * Adds up exponentials without overflow.
     *
     * @param x the operand
     * @param dimension over which; it disappears
     * @return ln Σ e^x
     */
    public static Tensor logSumExp(Tensor x, int dimension) {
        return op(() -> torch.logsumexp(x.handle(), dimension));
    }

    /**
     * Takes the Euclidean length of all elements together.
     *
     * @param x the operand
     * @return a scalar, √Σ x²
     */
    public static Tensor norm(Tensor x) {
        return op(() -> torch.linalg_vector_norm(x.handle()));
    }
}
