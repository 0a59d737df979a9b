package org.hone.model.checkpoint;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.hone.model.tensor.DataType;

/** The element types of safetensors files that Hone knows. */
public enum SafetensorsType {
    /** IEEE double precision. */
    F64(DataType.FLOAT64),
    /** IEEE single precision. */
    F32(DataType.FLOAT32),
    /** IEEE half precision. */
    F16(DataType.FLOAT16),
    /** Brain floating point: the upper half of a single. */
    BF16(DataType.BFLOAT16),
    /** Signed 64-bit integers. */
    I64(DataType.INT64),
    /** Signed 32-bit integers. */
    I32(DataType.INT32),
    /** Bytes with sign. */
    I8(DataType.INT8),
    /** Bytes without sign. */
    U8(DataType.UINT8),
    /** One byte a truth value. */
    BOOL(DataType.BOOL);

    private final DataType dataType;

    SafetensorsType(DataType dataType) {
        this.dataType = dataType;
    }

    /**
     * Size of one element.
     *
     * @return the bytes of an element
     */
    public int bytes() {
        return dataType.bytes();
    }

    /**
     * The same type in memory.
     *
     * @return the type of a tensor
     */
    public DataType dataType() {
        return dataType;
    }

    /**
     * The same type in a file.
     *
     * @param dataType the type of a tensor
     * @return its safetensors type
     */
    public static SafetensorsType of(DataType dataType) {
        return switch (dataType) {
            case FLOAT64 -> F64;
            case FLOAT32 -> F32;
            case FLOAT16 -> F16;
            case BFLOAT16 -> BF16;
            case INT64 -> I64;
            case INT32 -> I32;
            case INT8 -> I8;
            case UINT8 -> U8;
            case BOOL -> BOOL;
        };
    }

    /**
     * Finds a type by its name in a file.
     *
     * @param name such as {@code BF16}
     * @return the type
     * @throws IllegalArgumentException if Hone does not know the name
     */
    public static SafetensorsType named(String name) {
        for (SafetensorsType type : values()) {
            if (type.name().equals(name)) {
                return type;
            }
        }
        throw new IllegalArgumentException("dtype: found " + name + ", allowed are "
                + Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", ")));
    }
}
