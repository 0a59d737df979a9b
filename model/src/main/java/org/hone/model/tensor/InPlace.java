package org.hone.model.tensor;

import java.util.function.Supplier;
import org.bytedeco.pytorch.global.torch;

import static org.hone.model.tensor.Native.scalar;

/**
 * Operations that change their first argument's memory, and so every view of it. Not recorded for gradients: a parameter is a
 * leaf, which PyTorch refuses to change while recording.
 */
public final class InPlace {
    private InPlace() {}

    /** The result of the native call is the target again, borrowed; it is dropped. */
    private static Tensor change(Tensor target, Supplier<org.bytedeco.pytorch.Tensor> operation) {
        return Memory.withoutGradients(() -> {
            Memory.tidy(() -> {
                Native.call(operation);
            });
            return target;
        });
    }

    /**
     * Adds.
     *
     * @param target changed
     * @param x what is added
     * @return the target
     */
    public static Tensor add(Tensor target, Tensor x) {
        return change(target, () -> target.handle().add_(x.handle()));
    }

    /**
     * Adds a multiple.
     *
     * @param target changed
     * @param x what is added
     * @param factor how often
     * @return the target
     */
    public static Tensor addScaled(Tensor target, Tensor x, double factor) {
        return change(target, () -> target.handle().add_(x.handle(), scalar(target, factor)));
    }

    /**
     * Adds a number.
     *
     * @param target changed
     * @param value what is added
     * @return the target
     */
    public static Tensor add(Tensor target, double value) {
        return change(target, () -> target.handle().add_(scalar(target, value)));
    }

    /**
     * Subtracts.
     *
     * @param target changed
     * @param x what is subtracted
     * @return the target
     */
    public static Tensor sub(Tensor target, Tensor x) {
        return change(target, () -> target.handle().sub_(x.handle()));
    }

    /**
     * Multiplies element by element.
     *
     * @param target changed
     * @param x the factors
     * @return the target
     */
    public static Tensor mul(Tensor target, Tensor x) {
        return change(target, () -> target.handle().mul_(x.handle()));
    }

    /**
     * Multiplies by a number.
     *
     * @param target changed
     * @param value the factor
     * @return the target
     */
    public static Tensor mul(Tensor target, double value) {
        return change(target, () -> target.handle().mul_(scalar(target, value)));
    }

    /**
     * Divides element by element.
     *
     * @param target changed
     * @param x the divisors
     * @return the target
     */
    public static Tensor div(Tensor target, Tensor x) {
        return change(target, () -> target.handle().div_(x.handle()));
    }

    /**
     * Sets everything to 0.
     *
     * @param target changed
     * @return the target
     */
    public static Tensor zero(Tensor target) {
        return change(target, () -> target.handle().zero_());
    }

    /**
     * Sets everything to a number.
     *
     * @param target changed
     * @param value the number
     * @return the target
     */
    public static Tensor fill(Tensor target, double value) {
        return change(target, () -> target.handle().fill_(scalar(target, value)));
    }

    /**
     * Copies elements, converting and moving them as the target wants.
     *
     * @param target changed
     * @param source what is copied; broadcast
     * @return the target
     */
    public static Tensor copy(Tensor target, Tensor source) {
        return change(target, () -> target.handle().copy_(source.handle()));
    }

    /**
     * Takes e to the power of every element.
     *
     * @param target changed
     * @return the target
     */
    public static Tensor exp(Tensor target) {
        return change(target, () -> target.handle().exp_());
    }

    /**
     * Turns each row of scores into log-probabilities in nats.
     *
     * @param target (n, V) without gaps, changed
     * @return the target, x − ln Σ e^x
     */
    public static Tensor logSoftmax(Tensor target) {
        return change(target, () -> torch.log_softmax_out(target.handle(), target.handle(), -1));
    }

    /**
     * Puts a product of matrices in its place.
     *
     * @param target (n, m), changed
     * @param x (n, k)
     * @param y (k, m)
     * @return the target
     */
    public static Tensor matmul(Tensor target, Tensor x, Tensor y) {
        return change(target, () -> torch.mm_out(target.handle(), x.handle(), y.handle()));
    }

    /**
     * Adds a product of matrices, without room for the product itself.
     *
     * @param target (n, m), changed
     * @param x (n, k)
     * @param y (k, m)
     * @return the target
     */
    public static Tensor addMatmul(Tensor target, Tensor x, Tensor y) {
        return change(target, () -> target.handle().addmm_(x.handle(), y.handle()));
    }

    /**
     * Adds rows to some of the rows; one that is named more than once gets them all.
     *
     * @param target (V, …), changed
     * @param indices (N) 64-bit integers below V
     * @param rows (N, …)
     * @return the target
     */
    public static Tensor addRows(Tensor target, Tensor indices, Tensor rows) {
        return change(target, () -> target.handle().index_add_(0, indices.handle(), rows.handle()));
    }

    /**
     * Replaces some of the rows.
     *
     * @param target (V, …), changed
     * @param indices (N) different 64-bit integers below V
     * @param rows (N, …)
     * @return the target
     */
    public static Tensor setRows(Tensor target, Tensor indices, Tensor rows) {
        return change(target, () -> target.handle().index_copy_(0, indices.handle(), rows.handle()));
    }

    /**
     * Overwrites where a mask is true.
     *
     * @param target changed
     * @param mask truth values
     * @param value what is put there
     * @return the target
     */
    public static Tensor maskedFill(Tensor target, Tensor mask, double value) {
        return change(target, () -> target.handle().masked_fill_(mask.handle(), scalar(target, value)));
    }

    /**
     * Lets a leaf live in given memory, such as a part of a flat buffer; what held its elements before is freed.
     *
     * @param leaf the tensor, whose handle stays the same
     * @param memory of the same shape and kind; its elements are the leaf's from now on
     */
    public static void moveInto(Tensor leaf, Tensor memory) {
        Memory.tidy(() -> Native.unowned(() -> {
            leaf.handle().set_data(memory.handle());
            return true;
        }));
    }
}
