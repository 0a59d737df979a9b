package org.hone.model.llama;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;

/**
 * The tokens that go through a model at once while it decodes: stretches of prompts and the newest token of responses, a row
 * each. The number of rows is fixed, because matrix products of another shape add up in another order: what a row gives then
 * depends on its own sequence alone, whatever the other rows hold.
 */
public final class DecodingStep {
    /** Some rows that belong together. */
    sealed interface Piece permits Stretch, Newest, Slots {
        int first();

        int count();
    }

    /** Tokens of one prompt that follow those in its cache. */
    record Stretch(int first, int count, PromptCache cache) implements Piece {}

    /** The newest token of every response in a cache. */
    record Newest(int first, BranchCache cache) implements Piece {
        @Override
        public int count() {
            return cache.rows();
        }
    }

    /** The newest token of every sequence in a cache. */
    record Slots(int first, SlotCache cache) implements Piece {
        @Override
        public int count() {
            return cache.used();
        }
    }

    private final int[] ids;
    private final int[] positions;
    private final List<Piece> pieces = new ArrayList<>();
    private int used;

    /**
     * An empty step.
     *
     * @param rows how many tokens go through; rows that nobody takes are run along
     */
    public DecodingStep(int rows) {
        this.ids = new int[rows];
        this.positions = new int[rows];
    }

    /** {@return how many rows nobody has taken} */
    public int room() {
        return ids.length - used;
    }

    /** {@return how many rows are taken, from the first on} */
    public int used() {
        return used;
    }

    /**
     * Takes rows for tokens of a prompt that follow those in its cache. A cache may be given once a step.
     *
     * @param cache where they come to lie
     * @param tokens token ids
     * @return the row of the first of them
     * @throws IllegalArgumentException if they do not fit into the step or the cache
     */
    public int prompt(PromptCache cache, int[] tokens) {
        if (cache.filled() + tokens.length > cache.length()) {
            throw new IllegalArgumentException(tokens.length + " tokens more than the " + cache.filled()
                    + " there do not fit into a cache of " + cache.length());
        }
        return take(new Stretch(used, tokens.length, cache), tokens, row -> cache.filled() + row);
    }

    /**
     * Takes a row for the newest token of each of several responses. A cache may be given once a step.
     *
     * @param cache where they come to lie
     * @param newest token ids, one a row of the cache
     * @return the row of the first response
     * @throws IllegalArgumentException if they do not fit into the step or the cache
     */
    public int branches(BranchCache cache, int[] newest) {
        if (newest.length != cache.rows() || cache.length() == cache.capacity()) {
            throw new IllegalArgumentException("a cache of " + cache.rows() + " responses with " + cache.length()
                    + " of " + cache.capacity() + " tokens has no room for a token of " + newest.length);
        }
        return take(new Newest(used, cache), newest, row -> cache.prompt().length() + cache.length());
    }

    /**
     * Takes a row for the newest token of each of several sequences. A cache may be given once a step.
     *
     * @param cache where they come to lie
     * @param newest token ids, one a sequence of the cache
     * @return the row of the first sequence
     * @throws IllegalArgumentException if they do not fit into the step or the cache
     */
    public int slots(SlotCache cache, int[] newest) {
        int[] next = cache.positions();
        int longest = Arrays.stream(next).max().orElse(0);
        if (newest.length != next.length || longest >= cache.context()) {
            throw new IllegalArgumentException("a cache of " + next.length + " sequences, the longest of " + longest
                    + " tokens of " + cache.context() + ", has no room for a token of " + newest.length);
        }
        return take(new Slots(used, cache), newest, row -> next[row]);
    }

    private int take(Piece piece, int[] tokens, IntUnaryOperator position) {
        if (tokens.length > room()) {
            throw new IllegalArgumentException(
                    tokens.length + " tokens do not fit into the " + room() + " rows that are left");
        }
        for (int i = 0; i < tokens.length; i++) {
            ids[used + i] = tokens[i];
            positions[used + i] = position.applyAsInt(i);
        }
        pieces.add(piece);
        used += tokens.length;
        return piece.first();
    }

    List<Piece> pieces() {
        return pieces;
    }

    Tensor toTensor(int vocabularySize, Device device) {
        int strange = Vocabulary.firstOutside(ids, vocabularySize);
        if (strange >= 0) {
            throw Vocabulary.outside("row " + strange, ids[strange], vocabularySize);
        }
        return Tensors.of(ids).to(device);
    }

    int[] positions() {
        return positions;
    }

    int longest() {
        return Arrays.stream(positions).max().orElse(0) + 1;
    }

    /** The caches hold the tokens once all layers have written theirs. */
    void advance() {
        for (Piece piece : pieces) {
            if (piece instanceof Stretch stretch) {
                stretch.cache().advance(stretch.count());
            } else if (piece instanceof Newest newest) {
                newest.cache().advance();
            } else if (piece instanceof Slots slots) {
                slots.cache().advance();
            }
        }
    }
}
