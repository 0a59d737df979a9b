package org.hone.model.llama;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.InPlace;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;

/**
 * Keys and values of whole sequences, prompt and response, side by side in slots of one length (a static cache). Sequences of
 * any prompts and lengths are attended to in one call, at the price of a copy of the prompt for each and of looking at the
 * whole slot. For contexts so short that calls take longer than arithmetic.
 *
 * <p>For every layer two tensors (slots · context, key-value heads · D).
 */
public final class SlotCache implements AutoCloseable {
    private final LlamaConfig config;
    private final Device device;
    private final List<Tensor> keys = new ArrayList<>();
    private final List<Tensor> values = new ArrayList<>();
    private final int[] lengths;
    private int used;

    /**
     * Allocates the memory.
     *
     * @param model lent
     * @param slots for how many sequences as long as the model's context, at least 1
     */
    public SlotCache(Llama model, int slots) {
        Tensor embedding = model.body().embedding();
        this.config = model.config();
        this.device = embedding.device();
        this.lengths = new int[slots];
        long width = (long) config.keyValueHeads() * config.headSize();
        Memory.tidy(() -> {
            for (int layer = 0; layer < config.layers(); layer++) {
                for (List<Tensor> kind : List.of(keys, values)) {
                    // zeros, because 0 · what is behind a sequence must be 0
                    kind.add(Tensors.zeros(
                                    KeyValues.dataType(embedding), device, (long) slots * config.contextLength(), width)
                            .keep());
                }
            }
        });
    }

    /** {@return how many sequences are in it; they have the first slots} */
    public int used() {
        return used;
    }

    /** {@return how many sequences more there is room for} */
    public int free() {
        return lengths.length - used;
    }

    /**
     * Puts sequences in that begin with a prompt, behind those there.
     *
     * @param prompt whole; lent
     * @param count how many
     */
    public void add(PromptCache prompt, int count) {
        if (count > free()) {
            throw new IllegalArgumentException(count + " sequences do not fit into " + free() + " slots");
        }
        long length = prompt.length();
        long first = used;
        Memory.tidy(() -> {
            for (int layer = 0; layer < keys.size(); layer++) {
                into(keys.get(layer), first, count, prompt.keys(layer, prompt.length()), length);
                into(values.get(layer), first, count, prompt.values(layer, prompt.length()), length);
            }
        });
        Arrays.fill(lengths, used, used + count, prompt.length());
        used += count;
    }

    /** (1, key-value heads, T, D) → the first T tokens of slots. */
    private void into(Tensor memory, long first, long count, Tensor prompt, long length) {
        Tensor tokens = prompt.squeeze(0).transpose(0, 1).reshape(1, length, memory.size(1));
        Tensor target = slots(memory).narrow(0, first, count).narrow(1, 0, length);
        InPlace.copy(target, tokens.expand(count, length, memory.size(1)));
    }

    /** (slots, context, key-value heads · D). */
    private Tensor slots(Tensor memory) {
        return memory.view(lengths.length, config.contextLength(), memory.size(1));
    }

    /**
     * Lets a sequence go; the last one takes its slot.
     *
     * @param slot which
     */
    public void remove(int slot) {
        if (slot < 0 || slot >= used) {
            throw new IllegalArgumentException("slot " + slot + " of " + used + " is not there");
        }
        int last = --used;
        if (slot < last) {
            int length = lengths[last];
            Memory.tidy(() -> {
                for (List<Tensor> kind : List.of(keys, values)) {
                    for (Tensor memory : kind) {
                        Tensor tokens = slots(memory).narrow(1, 0, length);
                        InPlace.copy(tokens.select(0, slot), tokens.select(0, last));
                    }
                }
            });
            lengths[slot] = length;
        }
    }

    /** The most tokens of a sequence. */
    int context() {
        return config.contextLength();
    }

    /** Where the next token of every sequence is. */
    int[] positions() {
        return Arrays.copyOf(lengths, used);
    }

    /** The places in memory of every sequence's next token. */
    Tensor places() {
        int[] places = new int[used];
        Arrays.setAll(places, slot -> slot * config.contextLength() + lengths[slot]);
        return Tensors.of(places).to(device);
    }

    /** What each sequence may look at, its next token included: 0 there and −∞ behind, (used, 1, 1, context). */
    Tensor mask() {
        int context = config.contextLength();
        float[] mask = new float[used * context];
        for (int slot = 0; slot < used; slot++) {
            Arrays.fill(mask, slot * context + lengths[slot] + 1, (slot + 1) * context, Float.NEGATIVE_INFINITY);
        }
        return Tensors.of(mask, used, 1, 1, context).to(device).to(keys.get(0).dataType());
    }

    /** Writes the next token's key and value of every sequence (used, key-value heads, D). */
    void write(int layer, Tensor places, Tensor key, Tensor value) {
        Tensor memory = keys.get(layer);
        InPlace.setRows(memory, places, key.reshape(used, memory.size(1)).to(memory.dataType()));
        InPlace.setRows(
                values.get(layer), places, value.reshape(used, memory.size(1)).to(memory.dataType()));
    }

    void advance() {
        for (int slot = 0; slot < used; slot++) {
            lengths[slot]++;
        }
    }

    /** (used, key-value heads, context, D). */
    Tensor keys(int layer) {
        return heads(keys.get(layer));
    }

    /** (used, key-value heads, context, D). */
    Tensor values(int layer) {
        return heads(values.get(layer));
    }

    private Tensor heads(Tensor memory) {
        return memory.view(lengths.length, config.contextLength(), config.keyValueHeads(), config.headSize())
                .narrow(0, 0, used)
                .transpose(1, 2);
    }

    @Override
    public void close() {
        keys.forEach(Tensor::close);
        values.forEach(Tensor::close);
    }
}
