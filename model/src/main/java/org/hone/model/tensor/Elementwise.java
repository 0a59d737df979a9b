package org.hone.model.tensor;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.global.torch;

import static org.hone.model.tensor.Native.op;
import static org.hone.model.tensor.Native.scalar;

/** Functions of single elements. */
public final class Elementwise {
    private Elementwise() {}

    /**
     * Makes room for sums and logarithms, which 16 bits are too few for.
     *
     * @param x the operand
     * @return a copy in single precision of a type that is narrower; else x itself
     */
    public static Tensor atLeastSingle(Tensor x) {
        DataType wide = x.dataType().atLeastSingle();
        return wide == x.dataType() ? x : x.to(wide);
    }

    /**
     * Raises e to the power of every element.
     *
     * @param x the operand
     * @return e^x
     */
    public static Tensor exp(Tensor x) {
        return op(() -> x.handle().exp());
    }

    /**
     * Takes the natural logarithm.
     *
     * @param x the operand
     * @return ln x
     */
    public static Tensor log(Tensor x) {
        return op(() -> x.handle().log());
    }

    /**
     * Takes the square root.
     *
     * @param x the operand
     * @return √x
     */
    public static Tensor sqrt(Tensor x) {
        return op(() -> x.handle().sqrt());
    }

    /**
     * Takes the reciprocal square root.
     *
     * @param x the operand
     * @return 1 / √x
     */
    public static Tensor rsqrt(Tensor x) {
        return op(() -> x.handle().rsqrt());
    }

    /**
     * Takes the sine.
     *
     * @param x the operand
     * @return sin x
     */
    public static Tensor sin(Tensor x) {
        return op(() -> x.handle().sin());
    }

    /**
     * Takes the cosine.
     *
     * @param x the operand
     * @return cos x
     */
    public static Tensor cos(Tensor x) {
        return op(() -> x.handle().cos());
    }

    /**
     * Rounds to the nearest whole number, halves to the even one.
     *
     * @param x the operand
     * @return whole numbers in the operand's own type
     */
    public static Tensor round(Tensor x) {
        return op(() -> x.handle().round());
    }

    /**
     * Takes the absolute value.
     *
     * @param x the operand
     * @return |x|
     */
    public static Tensor abs(Tensor x) {
        return op(() -> x.handle().abs());
    }

    /**
     * Takes the logistic function.
     *
     * @param x the operand
     * @return σ(x) = 1 / (1 + e^−x)
     */
    public static Tensor sigmoid(Tensor x) {
        return op(() -> x.handle().sigmoid());
    }

    /**
     * Takes the logarithm of the logistic function without overflow.
     *
     * @param x the operand
     * @return ln σ(x)
     */
    public static Tensor logSigmoid(Tensor x) {
        return op(() -> torch.log_sigmoid(x.handle()));
    }

    /**
     * Takes the sigmoid linear unit.
     *
     * @param x the operand
     * @return x · σ(x)
     */
    public static Tensor silu(Tensor x) {
        return op(() -> torch.silu(x.handle()));
    }

    /**
     * Raises every element to a power.
     *
     * @param x the bases
     * @param exponent the exponent
     * @return x^exponent
     */
    public static Tensor pow(Tensor x, double exponent) {
        return op(() -> x.handle().pow(new Scalar(exponent)));
    }

    /**
     * Adds a product in one pass.
     *
     * @param base added to
     * @param x one factor
     * @param y the other
     * @return base + x · y
     */
    public static Tensor addProduct(Tensor base, Tensor x, Tensor y) {
        return op(() -> torch.addcmul(base.handle(), x.handle(), y.handle()));
    }

    /**
     * Limits every element.
     *
     * @param x the operand
     * @param low the least value
     * @param high the greatest value
     * @return min(max(x, low), high)
     */
    public static Tensor clamp(Tensor x, double low, double high) {
        return op(() -> x.handle().clamp(new ScalarOptional(new Scalar(low)), new ScalarOptional(new Scalar(high))));
    }

    /**
     * Takes the smaller of two, element by element.
     *
     * @param x one
     * @param y the other
     * @return min(x, y)
     */
    public static Tensor minimum(Tensor x, Tensor y) {
        return op(() -> torch.minimum(x.handle(), y.handle()));
    }

    /**
     * Takes the larger of two, element by element.
     *
     * @param x one
     * @param y the other
     * @return max(x, y)
     */
    public static Tensor maximum(Tensor x, Tensor y) {
        return op(() -> torch.maximum(x.handle(), y.handle()));
    }

    /**
     * Compares element by element.
     *
     * @param x left
     * @param y right
     * @return truth values of x = y
     */
    public static Tensor equal(Tensor x, Tensor y) {
        return op(() -> x.handle().eq(y.handle()));
    }

    /**
     * Compares with a number.
     *
     * @param x left
     * @param y right
     * @return truth values of x = y
     */
    public static Tensor equal(Tensor x, double y) {
        return op(() -> x.handle().eq(scalar(x, y)));
    }

    /**
     * Compares element by element.
     *
     * @param x left
     * @param y right
     * @return truth values of x &lt; y
     */
    public static Tensor less(Tensor x, Tensor y) {
        return op(() -> x.handle().lt(y.handle()));
    }

    /**
     * Compares with a number.
     *
     * @param x left
     * @param y right
     * @return truth values of x &lt; y
     */
    public static Tensor less(Tensor x, double y) {
        return op(() -> x.handle().lt(scalar(x, y)));
    }

    /**
     * Compares element by element.
     *
     * @param x left
     * @param y right
     * @return truth values of x ≤ y
     */
    public static Tensor lessOrEqual(Tensor x, Tensor y) {
        return op(() -> x.handle().le(y.handle()));
    }

    /**
     * Compares with a number.
     *
     * @param x left
     * @param y right
     * @return truth values of x ≤ y
     */
    public static Tensor lessOrEqual(Tensor x, double y) {
        return op(() -> x.handle().le(scalar(x, y)));
    }

    /**
     * Compares element by element.
     *
     * @param x left
     * @param y right
     * @return truth values of x &gt; y
     */
    public static Tensor greater(Tensor x, Tensor y) {
        return op(() -> x.handle().gt(y.handle()));
    }

    /**
     * Compares with a number.
     *
     * @param x left
     * @param y right
     * @return truth values of x &gt; y
     */
    public static Tensor greater(Tensor x, double y) {
        return op(() -> x.handle().gt(scalar(x, y)));
    }

    /**
     * Compares element by element.
     *
     * @param x left
     * @param y right
     * @return truth values of x ≥ y
     */
    public static Tensor greaterOrEqual(Tensor x, Tensor y) {
        return op(() -> x.handle().ge(y.handle()));
    }

    /**
     * Compares with a number.
     *
     * @param x left
     * @param y right
     * @return truth values of x ≥ y
     */
    public static Tensor greaterOrEqual(Tensor x, double y) {
        return op(() -> x.handle().ge(scalar(x, y)));
    }

    /**
     * Negates truth values.
     *
     * @param x the operand
     * @return ¬x
     */
    public static Tensor not(Tensor x) {
        return op(() -> x.handle().logical_not());
    }

    /**
     * Chooses element by element.
     *
     * @param condition truth values
     * @param whenTrue taken where true
     * @param otherwise taken where false
     * @return the choice
     */
    public static Tensor where(Tensor condition, Tensor whenTrue, Tensor otherwise) {
        return op(() -> torch.where(condition.handle(), whenTrue.handle(), otherwise.handle()));
    }

    /**
     * Overwrites where a mask is true.
     *
     * @param x the operand
     * @param mask truth values
     * @param value what is put there
     * @return a changed copy
     */
    public static Tensor maskedFill(Tensor x, Tensor mask, double value) {
        return op(() -> x.handle().masked_fill(mask.handle(), scalar(x, value)));
    }
}
