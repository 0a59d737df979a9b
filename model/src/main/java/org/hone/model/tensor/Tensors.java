package org.hone.model.tensor;

import java.util.Arrays;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch;

import static org.hone.model.tensor.Native.op;
import static org.hone.model.tensor.Native.options;

/** Making tensors. */
public final class Tensors {
    private Tensors() {}

    /**
     * Makes zeros.
     *
     * @param dataType the kind of element
     * @param device where
     * @param shape the lengths of its dimensions; none for a scalar
     * @return the tensor
     */
    public static Tensor zeros(DataType dataType, Device device, long... shape) {
        return op(() -> torch.zeros(shape, options(dataType, device)));
    }

    /**
     * Makes 32-bit floating-point zeros in main memory.
     *
     * @param shape the lengths of its dimensions; none for a scalar
     * @return the tensor
     */
    public static Tensor zeros(long... shape) {
        return zeros(DataType.FLOAT32, Device.cpu(), shape);
    }

    /**
     * Makes a tensor whose elements are still to be written.
     *
     * @param dataType the kind of element
     * @param device where
     * @param shape the lengths of its dimensions; none for a scalar
     * @return the tensor
     */
    public static Tensor empty(DataType dataType, Device device, long... shape) {
        return op(() -> torch.empty(shape, options(dataType, device), new MemoryFormatOptional()));
    }

    /**
     * Makes copies of a number.
     *
     * @param value the number
     * @param dataType the kind of element
     * @param device where
     * @param shape the lengths of its dimensions; none for a scalar
     * @return the tensor
     */
    public static Tensor full(double value, DataType dataType, Device device, long... shape) {
        return op(() -> torch.full(shape, new Scalar(value), options(dataType, device)));
    }

    /**
     * Makes zeros like another tensor.
     *
     * @param x its shape, kind and device are taken
     * @return the tensor
     */
    public static Tensor zerosLike(Tensor x) {
        return op(() -> torch.zeros_like(x.handle()));
    }

    /**
     * Makes 64-bit integers.
     *
     * @param start the first
     * @param end one past the last
     * @param device where
     * @return start, start + 1, …, end − 1
     */
    public static Tensor range(long start, long end, Device device) {
        return op(() -> torch.arange(new Scalar(start), new Scalar(end), options(DataType.INT64, device)));
    }

    /**
     * Makes a 32-bit floating-point scalar in main memory.
     *
     * @param value its value
     * @return the tensor
     */
    public static Tensor scalar(double value) {
        return full(value, DataType.FLOAT32, Device.cpu());
    }

    /**
     * Copies an array to main memory.
     *
     * @param values the elements in order
     * @param shape the lengths of its dimensions; none for one dimension
     * @return 32-bit floating-point numbers
     */
    public static Tensor of(float[] values, long... shape) {
        return RawBytes.of(values, shape);
    }

    /**
     * Copies an array to main memory.
     *
     * @param values the elements in order
     * @param shape the lengths of its dimensions; none for one dimension
     * @return 64-bit floating-point numbers
     */
    public static Tensor of(double[] values, long... shape) {
        return RawBytes.of(values, shape);
    }

    /**
     * Copies an array to main memory.
     *
     * @param values the elements in order
     * @param shape the lengths of its dimensions; none for one dimension
     * @return 64-bit integers, which is what indices have to be
     */
    public static Tensor of(int[] values, long... shape) {
        return RawBytes.of(Arrays.stream(values).asLongStream().toArray(), shape);
    }

    /**
     * Copies an array to main memory.
     *
     * @param values the elements in order
     * @param shape the lengths of its dimensions; none for one dimension
     * @return 64-bit integers
     */
    public static Tensor of(long[] values, long... shape) {
        return RawBytes.of(values, shape);
    }

    /**
     * Copies an array to main memory.
     *
     * @param values the elements in order
     * @param shape the lengths of its dimensions; none for one dimension
     * @return truth values
     */
    public static Tensor of(boolean[] values, long... shape) {
        return RawBytes.of(values, shape);
    }
}
