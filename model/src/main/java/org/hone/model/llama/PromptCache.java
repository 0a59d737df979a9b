package org.hone.model.llama;

import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.Tensor;

/** Keys and values of one prompt, which all responses to it look at. Filled from its beginning on. */
public final class PromptCache implements AutoCloseable {
    private final LlamaConfig config;
    private final Device device;
    private final DataType dataType;
    private final KeyValues memory;
    private final int length;
    private int filled;

    /**
     * Allocates the memory.
     *
     * @param model lent
     * @param length tokens of the prompt, at least 1
     */
    public PromptCache(Llama model, int length) {
        this(
                model.config(),
                model.body().embedding().device(),
                KeyValues.dataType(model.body().embedding()),
                length);
    }

    private PromptCache(LlamaConfig config, Device device, DataType dataType, int length) {
        if (length < 1 || length > config.contextLength()) {
            throw new IllegalArgumentException(
                    "a prompt of " + length + " tokens; 1 to the context's " + config.contextLength() + " can be kept");
        }
        this.config = config;
        this.device = device;
        this.dataType = dataType;
        this.length = length;
        this.memory = new KeyValues(config, device, dataType, 1, length);
    }

    /**
     * Tells how much memory a token takes here and in a {@link BranchCache}.
     *
     * @param model any
     * @return bytes of all layers' key and value
     */
    public static long bytesPerToken(Llama model) {
        return KeyValues.bytesPerToken(
                model.config(), KeyValues.dataType(model.body().embedding()));
    }

    /** {@return how many tokens it is for} */
    public int length() {
        return length;
    }

    /** {@return how many tokens are in it, from the first on} */
    public int filled() {
        return filled;
    }

    /**
     * Copies tokens into a cache of their own.
     *
     * @param start the first
     * @param count how many
     * @return the copy, which holds them as its tokens from 0 on
     */
    public PromptCache copy(int start, int count) {
        if (start < 0 || start + count > filled) {
            throw new IllegalArgumentException(
                    "tokens " + start + " to " + (start + count) + " of a cache with " + filled + " are not there yet");
        }
        PromptCache copy = new PromptCache(config, device, dataType, count);
        copy.memory.copy(memory, start, 0, 1, count);
        copy.filled = count;
        return copy;
    }

    /**
     * Takes over what another cache holds of the same tokens at the same positions, instead of running them.
     *
     * @param others tokens that follow those in this cache
     * @throws IllegalArgumentException if there is no room
     */
    public void append(PromptCache others) {
        if (filled + others.filled > length) {
            throw new IllegalArgumentException(
                    others.filled + " tokens more than the " + filled + " there do not fit into a cache of " + length);
        }
        memory.copy(others.memory, 0, filled, 1, others.filled);
        filled += others.filled;
    }

    DataType dataType() {
        return dataType;
    }

    void write(int layer, Tensor key, Tensor value) {
        memory.write(layer, filled, key, value);
    }

    void advance(int count) {
        filled += count;
    }

    Tensor keys(int layer, int count) {
        return memory.keys(layer, 0, count);
    }

    Tensor values(int layer, int count) {
        return memory.values(layer, 0, count);
    }

    KeyValues allocate(int rows, int capacity) {
        return new KeyValues(config, device, dataType, rows, capacity);
    }

    @Override
    public void close() {
        memory.close();
    }
}
