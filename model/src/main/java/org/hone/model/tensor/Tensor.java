package org.hone.model.tensor;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

import static org.hone.model.tensor.Native.op;
import static org.hone.model.tensor.Native.scalar;
import static org.hone.model.tensor.Native.unowned;

/**
 * An array of numbers in native memory, which belongs to a tidy region or, once {@linkplain #keep() kept}, to its keeper.
 *
 * <p>Dimensions may be counted from the end: -1 is the last. Operands broadcast as in PyTorch. Further operations are in
 * {@link Tensors} (making), {@link Elementwise}, {@link Reductions}, {@link Layers}, {@link Indexing}, {@link InPlace}
 * and {@link RawBytes}.
 */
public final class Tensor implements AutoCloseable {
    private org.bytedeco.pytorch.@Nullable Tensor handle;
    private @Nullable Region region;

    private Tensor(org.bytedeco.pytorch.Tensor handle, Region region) {
        this.handle = handle;
        this.region = region;
        Memory.born();
        region.add(this);
    }

    /**
     * Takes a native tensor into the innermost region. Internal: for {@code org.hone.model.tensor} and
     * {@code org.hone.model.distributed} only.
     *
     * @param handle a native tensor that nobody else frees
     * @return the tensor
     * @throws IllegalStateException if no region is open
     */
    public static Tensor wrap(org.bytedeco.pytorch.Tensor handle) {
        Region region = Region.innermost();
        if (region == null) {
            handle.deallocate();
            throw new IllegalStateException(
                    "a tensor was made outside a tidy region; wrap the code in Memory.tidy(..)");
        }
        return new Tensor(handle, region);
    }

    /**
     * Lends the native tensor. Internal: for {@code org.hone.model.tensor} and {@code org.hone.model.distributed} only.
     *
     * @return the native tensor, still owned by this one
     * @throws IllegalStateException if the tensor was freed
     */
    public org.bytedeco.pytorch.Tensor handle() {
        org.bytedeco.pytorch.Tensor alive = handle;
        if (alive == null) {
            throw new IllegalStateException("the tensor was freed: it was closed, or its tidy region has ended;"
                    + " return it from the region or keep() it");
        }
        return alive;
    }

    /**
     * Takes this tensor out of its region: from now on it lives until {@link #close()}.
     *
     * @return this tensor
     */
    public Tensor keep() {
        if (region != null) {
            handle().retainReference();
            region = null;
        }
        return this;
    }

    /** Frees the tensor now; closing again does nothing. Views of it, and gradients that need it, stay valid. */
    @Override
    public void close() {
        org.bytedeco.pytorch.Tensor alive = handle;
        if (alive != null) {
            handle = null;
            region = null;
            Memory.died();
            alive.deallocate();
        }
    }

    boolean belongsTo(Region candidate) {
        return handle != null && region == candidate;
    }

    void moveTo(Region other) {
        region = other;
    }

    /** The region's scope frees the native tensor; only the bookkeeping is done here. */
    void regionEnded(Region ended) {
        if (belongsTo(ended)) {
            handle = null;
            region = null;
            Memory.died();
        }
    }

    /** {@return the length of every dimension} */
    public long[] shape() {
        return handle().shape();
    }

    /**
     * {@return the length of a dimension}
     *
     * @param dimension which
     */
    public long size(int dimension) {
        return unowned(() -> handle().size(dimension));
    }

    /** {@return the number of dimensions} */
    public int rank() {
        return (int) handle().dim();
    }

    /** {@return the number of elements} */
    public long elements() {
        return handle().numel();
    }

    /** {@return the kind of its elements} */
    public DataType dataType() {
        return DataType.of(handle().scalar_type());
    }

    /** {@return where it lies} */
    public Device device() {
        return handle().is_cuda() ? Memory.tidy(() -> Device.of(handle().device())) : Device.cpu();
    }

    /** {@return whether its elements lie in memory in order and without gaps} */
    public boolean isContiguous() {
        return handle().is_contiguous();
    }

    /**
     * Converts the elements.
     *
     * @param dataType to which kind
     * @return a converted copy, or a second handle on the same memory if nothing changes
     */
    public Tensor to(DataType dataType) {
        return op(() -> handle().to(dataType.scalarType()));
    }

    /**
     * Moves the elements to a device.
     *
     * @param device where to
     * @return a copy there, or a second handle on the same memory if it lies there already
     */
    public Tensor to(Device device) {
        return op(() -> handle().to(device.toNative(), handle().scalar_type()));
    }

    /** {@return the same elements in order and without gaps; the same memory if they already are} */
    public Tensor contiguous() {
        return op(() -> handle().contiguous());
    }

    /** {@return an independent copy} */
    public Tensor copy() {
        return op(() -> handle().clone());
    }

    /** {@return the same memory, outside the record of gradients} */
    public Tensor detach() {
        return op(() -> handle().detach());
    }

    /**
     * Chooses whether gradients flow to this leaf.
     *
     * @param wanted whether
     * @return this tensor
     */
    public Tensor requiresGradient(boolean wanted) {
        unowned(() -> handle().set_requires_grad(wanted));
        return this;
    }

    /** {@return whether gradients flow to it} */
    public boolean requiresGradient() {
        return handle().requires_grad();
    }

    /** {@return whether it has a gradient} */
    public boolean hasGradient() {
        return Memory.tidy(() -> handle().grad().defined());
    }

    /**
     * Tells the gradient that {@link #backward()} added up.
     *
     * @return a handle on the gradient's memory
     * @throws IllegalStateException if there is none
     */
    public Tensor gradient() {
        if (!hasGradient()) {
            throw new IllegalStateException("the tensor " + Arrays.toString(shape())
                    + " has no gradient: it is not a leaf" + " that requires one, or nothing was run backward");
        }
        // grad() is borrowed from the leaf; the copied handle shares its memory and has a life of its own
        return op(() -> new org.bytedeco.pytorch.Tensor(handle().grad()));
    }

    /**
     * Lets the gradient be added up in given memory, such as a part of a flat buffer.
     *
     * @param memory of the same shape and kind; it is not cleared
     */
    public void setGradient(Tensor memory) {
        Memory.tidy(() -> unowned(() -> handle().mutable_grad().put(memory.handle())));
    }

    /** Drops the gradient. */
    public void clearGradient() {
        Memory.tidy(() -> handle().mutable_grad().reset());
    }

    /** Adds the gradient of this scalar to every leaf that it was computed from. */
    public void backward() {
        Native.call(() -> {
            handle().backward();
            return true;
        });
    }

    /**
     * Sees the same memory in another shape.
     *
     * @param shape with the same number of elements; one length may be -1, which means what is left
     * @return a view
     */
    public Tensor view(long... shape) {
        return op(() -> handle().view(shape));
    }

    /**
     * Gives another shape, copying where a view cannot.
     *
     * @param shape as in {@link #view}
     * @return a view or a copy
     */
    public Tensor reshape(long... shape) {
        return op(() -> handle().reshape(shape));
    }

    /**
     * {@return a view with two dimensions swapped}
     *
     * @param first one
     * @param second the other
     */
    public Tensor transpose(int first, int second) {
        return op(() -> handle().transpose(first, second));
    }

    /**
     * {@return a view of a run of a dimension}
     *
     * @param dimension which
     * @param start first index
     * @param length how many
     */
    public Tensor narrow(int dimension, long start, long length) {
        return op(() -> handle().narrow(dimension, start, length));
    }

    /**
     * {@return a view of one index of a dimension, which disappears}
     *
     * @param dimension which
     * @param index the index
     */
    public Tensor select(int dimension, long index) {
        return op(() -> handle().select(dimension, index));
    }

    /**
     * {@return a view that repeats dimensions of length 1 without copying}
     *
     * @param shape the shape wanted; -1 leaves a dimension as it is
     */
    public Tensor expand(long... shape) {
        return op(() -> handle().expand(shape));
    }

    /**
     * {@return a view with one more dimension, of length 1}
     *
     * @param dimension before which
     */
    public Tensor unsqueeze(int dimension) {
        return op(() -> handle().unsqueeze(dimension));
    }

    /**
     * {@return a view without a dimension of length 1}
     *
     * @param dimension which
     */
    public Tensor squeeze(int dimension) {
        return op(() -> handle().squeeze(dimension));
    }

    /**
     * {@return this + other}
     *
     * @param other the second operand
     */
    public Tensor add(Tensor other) {
        return op(() -> handle().add(other.handle()));
    }

    /**
     * {@return this + value}
     *
     * @param value the second operand
     */
    public Tensor add(double value) {
        return op(() -> handle().add(scalar(this, value)));
    }

    /**
     * {@return this − other}
     *
     * @param other the second operand
     */
    public Tensor sub(Tensor other) {
        return op(() -> handle().sub(other.handle()));
    }

    /**
     * {@return this · other}
     *
     * @param other the second operand
     */
    public Tensor mul(Tensor other) {
        return op(() -> handle().mul(other.handle()));
    }

    /**
     * {@return this · value}
     *
     * @param value the second operand
     */
    public Tensor mul(double value) {
        return op(() -> handle().mul(scalar(this, value)));
    }

    /**
     * {@return this / other}
     *
     * @param other the divisor
     */
    public Tensor div(Tensor other) {
        return op(() -> handle().div(other.handle()));
    }

    /** {@return −this} */
    public Tensor neg() {
        return op(() -> handle().neg());
    }

    /**
     * Reads the only element.
     *
     * @return its value
     * @throws TensorException if there is more than one element
     */
    public double item() {
        return unowned(() -> handle().item_double());
    }

    /** {@return the elements in order as 32-bit floating-point numbers} */
    public float[] toFloats() {
        return RawBytes.toFloats(this);
    }

    /** {@return the elements in order as 64-bit integers} */
    public long[] toLongs() {
        return RawBytes.toLongs(this);
    }

    @Override
    public String toString() {
        return handle == null ? "Tensor[freed]" : "Tensor[" + dataType() + " " + Arrays.toString(shape()) + "]";
    }
}
