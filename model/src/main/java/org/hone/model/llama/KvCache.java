package org.hone.model.llama;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.InPlace;
import org.hone.model.tensor.Indexing;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;

/**
 * Keys and values of the tokens so far, so that a new token costs one token: for every layer two tensors
 * (B, key-value heads, longest, D), allocated once.
 *
 * <p>All rows have the same number of tokens. To sample K responses to one prompt, run the prompt at batch 1 and
 * {@link #expand} the cache to K rows.
 */
public final class KvCache implements AutoCloseable {
    private final LlamaConfig config;
    private final int rows;
    private final int maximumLength;
    private final List<Tensor> keys = new ArrayList<>();
    private final List<Tensor> values = new ArrayList<>();
    private int length;

    /**
     * Allocates an empty cache.
     *
     * @param config the model's shape
     * @param rows B
     * @param maximumLength the most tokens of a row
     * @param dataType as the model's weights
     * @param device as the model's weights
     */
    public KvCache(LlamaConfig config, int rows, int maximumLength, DataType dataType, Device device) {
        if (rows < 1 || maximumLength < 1) {
            throw new IllegalArgumentException(
                    "a cache of " + rows + " rows of " + maximumLength + " tokens; at least 1 of each is needed");
        }
        this.config = config;
        this.rows = rows;
        this.maximumLength = maximumLength;
        Memory.tidy(() -> {
            for (int layer = 0; layer < config.layers(); layer++) {
                keys.add(allocate(dataType, device).keep());
                values.add(allocate(dataType, device).keep());
            }
        });
    }

    private Tensor allocate(DataType dataType, Device device) {
        return Tensors.zeros(dataType, device, rows, config.keyValueHeads(), maximumLength, config.headSize());
    }

    /** {@return B} */
    public int rows() {
        return rows;
    }

    /** {@return how many tokens of every row are in it} */
    public int length() {
        return length;
    }

    /** {@return how many tokens of a row it can hold} */
    public int maximumLength() {
        return maximumLength;
    }

    /** {@return where it lies} */
    public Device device() {
        return keys.get(0).device();
    }

    /**
     * Copies a cache of one row to several, which then go their own ways.
     *
     * @param copies how many rows
     * @return a new cache; this one stays as it is
     * @throws IllegalStateException if this cache has more than one row
     */
    public KvCache expand(int copies) {
        if (rows != 1) {
            throw new IllegalStateException(
                    "a cache of " + rows + " rows cannot be expanded; run the prompt at batch 1");
        }
        return select(Collections.nCopies(copies, 0).stream()
                .mapToInt(Integer::intValue)
                .toArray());
    }

    /**
     * Copies some rows, such as those that are not finished yet.
     *
     * @param chosen indices of rows, in the order wanted; a row may come more than once
     * @return a new cache; this one stays as it is
     */
    public KvCache select(int[] chosen) {
        Tensor key = keys.get(0);
        KvCache copy = new KvCache(config, chosen.length, maximumLength, key.dataType(), key.device());
        copy.length = length;
        Memory.tidy(() -> {
            Tensor indices = Tensors.of(chosen).to(key.device());
            for (int layer = 0; layer < config.layers(); layer++) {
                copyRows(keys.get(layer), copy.keys.get(layer), indices);
                copyRows(values.get(layer), copy.values.get(layer), indices);
            }
        });
        return copy;
    }

    private void copyRows(Tensor from, Tensor to, Tensor indices) {
        InPlace.copy(to.narrow(2, 0, length), Indexing.indexSelect(from.narrow(2, 0, length), 0, indices));
    }

    /**
     * Forgets the tokens from a position on.
     *
     * @param tokens how many to keep
     */
    public void truncate(int tokens) {
        if (tokens < 0 || tokens > length) {
            throw new IllegalArgumentException(
                    "tokens: " + tokens + " is not between 0 and the " + length + " in the cache");
        }
        length = tokens;
    }

    /** Writes new keys and values (B, key-value heads, T, D) of a layer behind those of earlier tokens. */
    void write(int layer, Tensor key, Tensor value) {
        long count = key.size(2);
        InPlace.copy(keys.get(layer).narrow(2, length, count), key);
        InPlace.copy(values.get(layer).narrow(2, length, count), value);
    }

    Tensor keys(int layer, int tokens) {
        return keys.get(layer).narrow(2, 0, tokens);
    }

    Tensor values(int layer, int tokens) {
        return values.get(layer).narrow(2, 0, tokens);
    }

    void checkRoom(long batch, long count) {
        if (batch != rows || length + count > maximumLength) {
            throw new IllegalArgumentException("a cache of " + rows + " rows with " + length + " of " + maximumLength
                    + " tokens has no room for " + batch + " rows of " + count + " tokens");
        }
    }

    void advance(int tokens) {
        length += tokens;
    }

    @Override
    public void close() {
        keys.forEach(Tensor::close);
        values.forEach(Tensor::close);
    }
}
