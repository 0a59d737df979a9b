package org.hone.model.tensor;

import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

import static org.hone.model.tensor.Native.op;

/**
 * Products of many rows with a weight matrix, written as a convolution with a kernel of one pixel: that is the same sum, there and on
 * the way back, and libtorch leaves it to oneDNN where plain products go to OpenBLAS. oneDNN makes its code for the processor that it
 * finds, and is not slowed down where OpenBLAS takes the processor for an older one (see {@code conf/processor.sh}): on a Zen 5
 * with OpenBLAS's kernels for Haswell, 215 instead of 113 GFLOP/s for 4,096 rows of 288 times 768.
 *
 * <p>oneDNN makes its code anew for every number of rows that it has not met, which takes longer than a small product. Callers should
 * round that number up to a multiple of {@value #ROWS}.
 */
public final class PointwiseConvolution {
    /** What the number of rows should be a multiple of. */
    public static final int ROWS = 64;

    /** Numbers in a picture up to which libtorch does not ask oneDNN. */
    private static final int SMALL = 20_480;

    private static final long[] ONE = {1, 1};
    private static final long[] NONE = {0, 0};

    /** Says nothing for a kernel of one pixel; but for a dilated one libtorch asks oneDNN, even for a single picture on a single thread. */
    private static final long[] DILATED = {1, 2};

    private PointwiseConvolution() {}

    /**
     * Multiplies by a weight matrix, as {@link Layers#linear}; by that, where oneDNN would not be faster.
     *
     * @param x (…, in)
     * @param weight (out, in)
     * @return x · weightᵀ, (…, out)
     */
    public static Tensor linear(Tensor x, Tensor weight) {
        boolean suited = x.device().kind() == Device.Kind.CPU
                && x.dataType() == DataType.FLOAT32
                && weight.dataType() == DataType.FLOAT32
                && x.elements() > SMALL
                && torch.hasMKLDNN();
        return suited ? convolution(x, weight) : Layers.linear(x, weight);
    }

    /** Rows are the pixels of one high and narrow picture, whose channels are their numbers; in memory they are what they were. */
    private static Tensor convolution(Tensor x, Tensor weight) {
        long in = weight.size(1);
        long out = weight.size(0);
        Tensor picture = x.reshape(1, x.elements() / in, 1, in).transpose(2, 3).transpose(1, 2);
        Tensor kernel = weight.view(out, in, 1, 1);
        Tensor product =
                op(() -> torch.conv2d(picture.handle(), kernel.handle(), new TensorOptional(), ONE, NONE, DILATED, 1));
        long[] shape = x.shape();
        shape[shape.length - 1] = out;
        return product.transpose(1, 2).transpose(2, 3).reshape(shape);
    }
}
