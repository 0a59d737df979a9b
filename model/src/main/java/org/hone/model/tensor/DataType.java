package org.hone.model.tensor;

import org.bytedeco.pytorch.global.torch.ScalarType;

/** The kinds of number that a tensor holds. */
public enum DataType {
    /** 64-bit floating point; for checks of gradients, not for training. */
    FLOAT64(ScalarType.Double, 8, true),
    /** 32-bit floating point. */
    FLOAT32(ScalarType.Float, 4, true),
    /** 16-bit brain floating point: the exponent of float32, 8 bits of precision. */
    BFLOAT16(ScalarType.BFloat16, 2, true),
    /** IEEE 16-bit floating point. */
    FLOAT16(ScalarType.Half, 2, true),
    /** 64-bit integers; token ids and indices. */
    INT64(ScalarType.Long, 8, false),
    /** 32-bit integers. */
    INT32(ScalarType.Int, 4, false),
    /** Signed bytes; rounded weights. */
    INT8(ScalarType.Char, 1, false),
    /** Unsigned bytes. */
    UINT8(ScalarType.Byte, 1, false),
    /** Truth values, one byte each. */
    BOOL(ScalarType.Bool, 1, false);

    private final ScalarType scalarType;
    private final int bytes;
    private final boolean floatingPoint;

    DataType(ScalarType scalarType, int bytes, boolean floatingPoint) {
        this.scalarType = scalarType;
        this.bytes = bytes;
        this.floatingPoint = floatingPoint;
    }

    ScalarType scalarType() {
        return scalarType;
    }

    static DataType of(ScalarType scalarType) {
        for (DataType dataType : values()) {
            if (dataType.scalarType.value == scalarType.value) { // the presets make a new instance a call
                return dataType;
            }
        }
        throw new TensorException("tensors of " + scalarType + " are not used here");
    }

    /** {@return the size of one element in bytes} */
    public int bytes() {
        return bytes;
    }

    /** {@return the type to sum or take logarithms in: single precision for what is narrower, else the same} */
    public DataType atLeastSingle() {
        return bytes < Float.BYTES ? FLOAT32 : this;
    }

    /** {@return whether elements are floating-point numbers, the only ones that have gradients} */
    public boolean isFloatingPoint() {
        return floatingPoint;
    }
}
