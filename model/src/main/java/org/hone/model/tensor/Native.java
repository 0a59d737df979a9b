package org.hone.model.tensor;

import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.jspecify.annotations.Nullable;

/** The one place where native calls are made, so that every one of them is owned and every error is readable. */
final class Native {
    private Native() {}

    /** Calls an operation that makes a tensor, and gives the tensor to the innermost region. */
    static Tensor op(Supplier<org.bytedeco.pytorch.Tensor> operation) {
        return Tensor.wrap(call(operation));
    }

    static <R> R call(Supplier<R> operation) {
        if (Region.innermost() == null) {
            throw new IllegalStateException(
                    "a tensor operation outside a tidy region: its memory would have no owner; wrap it in Memory.tidy(..)");
        }
        return unowned(operation);
    }

    /** Calls a query that makes nothing native. */
    static <R> R unowned(Supplier<R> query) {
        NativeCalls.begin();
        try {
            return query.get();
        } catch (IllegalStateException | IllegalArgumentException | TensorException error) {
            throw error;
        } catch (RuntimeException error) {
            throw TensorException.of(error);
        } finally {
            NativeCalls.end();
        }
    }

    static TensorOptions options(DataType dataType, Device device) {
        TensorOptions options = new TensorOptions(dataType.scalarType());
        return device.kind() == Device.Kind.CPU ? options : options.device(new DeviceOptional(device.toNative()));
    }

    /** Whole numbers stay whole for integer tensors: a floating-point scalar would turn ids into floats. */
    static Scalar scalar(Tensor beside, double value) {
        boolean whole = value == Math.rint(value) && Math.abs(value) <= 1L << 53;
        return whole && !beside.dataType().isFloatingPoint() ? new Scalar((long) value) : new Scalar(value);
    }

    static TensorOptional optional(@Nullable Tensor tensor) {
        return tensor == null ? new TensorOptional() : new TensorOptional(tensor.handle());
    }

    static TensorVector vector(List<Tensor> tensors) {
        return new TensorVector(tensors.stream().map(Tensor::handle).toArray(org.bytedeco.pytorch.Tensor[]::new));
    }
}
