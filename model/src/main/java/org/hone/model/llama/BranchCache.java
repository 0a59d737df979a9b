package org.hone.model.llama;

import org.hone.model.tensor.Tensor;

/**
 * Keys and values of several responses to one prompt, which go on from it side by side: each has as many tokens as the
 * others and does not see them.
 */
public final class BranchCache implements AutoCloseable {
    private final PromptCache prompt;
    private KeyValues memory;
    private int rows;
    private int allocatedRows;
    private int capacity;
    private int length;

    /**
     * Allocates the memory.
     *
     * @param prompt what they go on from, whole; lent
     * @param rows how many responses, at least 1
     * @param capacity for how many tokens of each, at least 1
     */
    public BranchCache(PromptCache prompt, int rows, int capacity) {
        if (rows < 1 || capacity < 1) {
            throw new IllegalArgumentException(
                    rows + " responses of " + capacity + " tokens; at least 1 of each is needed");
        }
        this.prompt = prompt;
        this.rows = rows;
        this.allocatedRows = rows;
        this.capacity = capacity;
        this.memory = prompt.allocate(rows, capacity);
    }

    /** {@return how many responses are left in it} */
    public int rows() {
        return rows;
    }

    /** {@return how many tokens of each are in it} */
    public int length() {
        return length;
    }

    /** {@return how many tokens of each fit} */
    public int capacity() {
        return capacity;
    }

    /** {@return how many responses there is memory for} */
    public int allocatedRows() {
        return allocatedRows;
    }

    /**
     * Moves what is there to memory for more tokens of the responses that are left.
     *
     * @param tokens of each, at least those that are there
     */
    public void grow(int tokens) {
        KeyValues larger = prompt.allocate(rows, tokens);
        larger.copy(memory, 0, 0, rows, length);
        memory.close();
        memory = larger;
        allocatedRows = rows;
        capacity = tokens;
    }

    /**
     * Lets a response go; the last one takes its place.
     *
     * @param row which
     */
    public void remove(int row) {
        if (row < 0 || row >= rows) {
            throw new IllegalArgumentException("row " + row + " of " + rows + " is not there");
        }
        rows--;
        if (row < rows) {
            memory.copyRow(rows, row, length);
        }
    }

    PromptCache prompt() {
        return prompt;
    }

    /** Writes a new token's key and value of every row (rows, key-value heads, 1, D). */
    void write(int layer, Tensor key, Tensor value) {
        memory.write(layer, length, key, value);
    }

    void advance() {
        length++;
    }

    Tensor keys(int layer, int count) {
        return memory.keys(layer, 0, count).narrow(0, 0, rows);
    }

    Tensor values(int layer, int count) {
        return memory.values(layer, 0, count).narrow(0, 0, rows);
    }

    @Override
    public void close() {
        memory.close();
    }
}
