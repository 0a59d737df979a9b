package org.hone.model.tensor;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;

/** Tensors as bytes in the machine's order: arrays and buffers in and out, and files mapped without a copy. */
public final class RawBytes {
    private RawBytes() {}

    /**
     * Makes a tensor over memory that a buffer already holds, most often a file mapped with
     * {@link java.nio.channels.FileChannel.MapMode#PRIVATE}, so that changes stay in this process. The buffer stays
     * reachable until no tensor, view or gradient needs its memory.
     *
     * @param buffer a direct, writable buffer; its remaining bytes are the elements
     * @param dataType what the elements are
     * @param shape the lengths of the dimensions
     * @return a tensor in main memory, not a copy
     * @throws IllegalArgumentException if the buffer is of the wrong kind or length
     */
    public static Tensor mapped(ByteBuffer buffer, DataType dataType, long... shape) {
        if (!buffer.isDirect() || buffer.isReadOnly()) {
            throw new IllegalArgumentException(
                    "a mapped tensor needs a direct, writable buffer; map with MapMode.PRIVATE");
        }
        long wanted = elements(shape) * dataType.bytes();
        if (buffer.remaining() != wanted) {
            throw new IllegalArgumentException("the buffer has " + buffer.remaining() + " bytes; " + dataType + " "
                    + Arrays.toString(shape) + " needs " + wanted);
        }
        if (wanted == 0) {
            return Tensors.empty(dataType, Device.cpu(), shape);
        }
        return Native.op(() -> Mappings.tensorOver(buffer.slice(), dataType, shape));
    }

    /**
     * Copies bytes out of a tensor.
     *
     * @param tensor contiguous, in main memory
     * @param offset the first byte
     * @param target filled from its position to its limit
     */
    public static void read(Tensor tensor, long offset, ByteBuffer target) {
        within(tensor, offset, target.remaining(), pointer -> target.put(pointer.asByteBuffer()));
    }

    /**
     * Copies bytes into a tensor.
     *
     * @param tensor contiguous, in main memory
     * @param offset the first byte
     * @param source read from its position to its limit
     */
    public static void write(Tensor tensor, long offset, ByteBuffer source) {
        within(
                tensor,
                offset,
                source.remaining(),
                pointer -> pointer.asByteBuffer().put(source));
    }

    /**
     * Counts the bytes of the elements.
     *
     * @param tensor any tensor
     * @return elements times bytes an element
     */
    public static long size(Tensor tensor) {
        return tensor.elements() * tensor.dataType().bytes();
    }

    static float[] toFloats(Tensor tensor) {
        float[] values = new float[length(tensor)];
        toFloats(tensor, values);
        return values;
    }

    /**
     * Copies the elements, in order, to the front of an array.
     *
     * @param tensor any tensor
     * @param values at least as many as there are elements; what is behind them stays as it is
     */
    public static void toFloats(Tensor tensor, float[] values) {
        int length = length(tensor);
        reading(tensor, DataType.FLOAT32, data -> new FloatPointer(data).get(values, 0, length));
    }

    static long[] toLongs(Tensor tensor) {
        long[] values = new long[length(tensor)];
        reading(tensor, DataType.INT64, data -> new LongPointer(data).get(values));
        return values;
    }

    static Tensor of(float[] values, long... shape) {
        return filled(values.length, DataType.FLOAT32, shape, data -> new FloatPointer(data).put(values));
    }

    static Tensor of(double[] values, long... shape) {
        return filled(values.length, DataType.FLOAT64, shape, data -> new DoublePointer(data).put(values));
    }

    static Tensor of(long[] values, long... shape) {
        return filled(values.length, DataType.INT64, shape, data -> new LongPointer(data).put(values));
    }

    static Tensor of(boolean[] values, long... shape) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (values[i] ? 1 : 0);
        }
        return filled(bytes.length, DataType.BOOL, shape, data -> new BytePointer(data).put(bytes));
    }

    private static void within(Tensor tensor, long offset, int length, Consumer<BytePointer> copy) {
        if (!tensor.isContiguous() || tensor.device().kind() != Device.Kind.CPU) {
            throw new IllegalArgumentException(
                    tensor + " must be contiguous and in main memory to be read or written as bytes");
        }
        long size = size(tensor);
        if (offset < 0 || offset + length > size) {
            throw new IllegalArgumentException(
                    "bytes " + offset + " to " + (offset + length) + " are outside a tensor of " + size + " bytes");
        }
        if (length > 0) {
            Memory.tidy(() -> copy.accept(
                    new BytePointer(tensor.handle().data_ptr()).position(offset).limit(offset + length)));
        }
    }

    private static void reading(Tensor tensor, DataType dataType, Consumer<Pointer> read) {
        Memory.tidy(() -> {
            Tensor plain = tensor.detach().to(dataType).to(Device.cpu()).contiguous();
            if (plain.elements() > 0) {
                read.accept(plain.handle().data_ptr());
            }
        });
    }

    private static Tensor filled(int length, DataType dataType, long[] shape, Consumer<Pointer> write) {
        long[] lengths = shape.length == 0 ? new long[] {length} : shape;
        if (elements(lengths) != length) {
            throw new IllegalArgumentException(length + " values do not fill the shape " + Arrays.toString(lengths));
        }
        Tensor tensor = Tensors.empty(dataType, Device.cpu(), lengths);
        if (length > 0) {
            write.accept(tensor.handle().data_ptr());
        }
        return tensor;
    }

    private static int length(Tensor tensor) {
        long elements = tensor.elements();
        if (elements > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(tensor + " does not fit one Java array; read it in parts");
        }
        return (int) elements;
    }

    private static long elements(long[] shape) {
        long elements = 1;
        for (long length : shape) {
            elements = Math.multiplyExact(elements, length);
        }
        return elements;
    }
}
