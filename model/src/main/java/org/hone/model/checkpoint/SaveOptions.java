package org.hone.model.checkpoint;

import java.nio.file.Path;
import org.hone.model.tensor.DataType;
import org.jspecify.annotations.Nullable;

/**
 * How a model folder is written.
 *
 * @param dataType of the weights
 * @param maxShardBytes weights larger than this are written as shards of at most this size each, as far as
 *     single tensors allow
 * @param source the folder that tokenizer files and the ids of BOS and EOS are taken from, if any
 * @param controlTokens the ids of BOS and EOS, where no source has them; null for Llama 2's
 */
public record SaveOptions(
        DataType dataType,
        long maxShardBytes,
        @Nullable Path source,
        @Nullable ControlTokens controlTokens) {
    /**
     * What a sequence begins and ends with.
     *
     * @param bos the id of BOS
     * @param eos the id of EOS, where transformers' {@code generate} stops
     */
    public record ControlTokens(int bos, int eos) {}

    /** What transformers uses. */
    private static final long DEFAULT_SHARD_BYTES = 5_000_000_000L;

    /**
     * Checks the type and the size.
     *
     * @param dataType FLOAT32, BFLOAT16 or FLOAT16
     * @param maxShardBytes at least 1
     * @param source a folder or null
     * @param controlTokens ids or null
     */
    public SaveOptions {
        if (dataType != DataType.FLOAT32 && dataType != DataType.BFLOAT16 && dataType != DataType.FLOAT16) {
            throw new IllegalArgumentException(
                    "data type: found " + dataType + ", weights are written as FLOAT32, BFLOAT16 or FLOAT16");
        }
        if (maxShardBytes < 1) {
            throw new IllegalArgumentException("shard size: " + maxShardBytes + " bytes must be at least 1");
        }
    }

    /**
     * Shards of at most 5 GB and no tokenizer.
     *
     * @param dataType of the weights
     * @return the options
     */
    public static SaveOptions of(DataType dataType) {
        return new SaveOptions(dataType, DEFAULT_SHARD_BYTES, null, null);
    }

    /**
     * The same with a source folder.
     *
     * @param folder a Hugging Face model folder whose tokenizer the model uses
     * @return the options
     */
    public SaveOptions withSource(Path folder) {
        return new SaveOptions(dataType, maxShardBytes, folder, null);
    }

    /**
     * The same for a model whose tokenizer stands elsewhere.
     *
     * @param ids what that tokenizer begins and ends sequences with
     * @return the options
     */
    public SaveOptions withControlTokens(ControlTokens ids) {
        return new SaveOptions(dataType, maxShardBytes, null, ids);
    }

    /**
     * The same with another shard size.
     *
     * @param bytes at least 1
     * @return the options
     */
    public SaveOptions withMaxShardBytes(long bytes) {
        return new SaveOptions(dataType, bytes, source, controlTokens);
    }

    /** The name of the type in a {@code config.json}. */
    String dataTypeName() {
        return switch (dataType) {
            case FLOAT32 -> "float32";
            case BFLOAT16 -> "bfloat16";
            case FLOAT16 -> "float16";
            case FLOAT64, INT64, INT32, INT8, UINT8, BOOL ->
                throw new IllegalStateException("the constructor refuses " + dataType);
        };
    }
}
