package org.hone.data.packing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hone.data.dialogue.ContentHash;

/**
 * Whole examples in one row. Each keeps the positions that it has alone and attends to itself only, so packing changes
 * how much is computed and never what is learned.
 *
 * <p>Legend: T tokens of the row, E examples.
 *
 * @param examples (E) ids of the examples, in the row's order
 * @param tokens (T) token ids: of every example its prompt, then its response
 * @param promptLengths (E) tokens of each prompt
 * @param responseLengths (E) tokens of each response
 * @param droppedTokens (E) how many ids of each example were left out to make it fit
 */
@SuppressWarnings("ArrayRecordComponent") // rows by the million: a list would box each id; rows are never compared
public record PackedRow(
        List<String> examples, int[] tokens, int[] promptLengths, int[] responseLengths, int[] droppedTokens) {
    /**
     * Checks that the lengths describe the tokens.
     *
     * @param examples (E) ids of the examples, in the row's order
     * @param tokens (T) token ids: of every example its prompt, then its response
     * @param promptLengths (E) tokens of each prompt
     * @param responseLengths (E) tokens of each response
     * @param droppedTokens (E) how many ids of each example were left out to make it fit
     */
    public PackedRow {
        examples = List.copyOf(examples);
        int count = examples.size();
        if (promptLengths.length != count || responseLengths.length != count || droppedTokens.length != count) {
            throw new IllegalArgumentException("a packed row of " + count + " examples has " + promptLengths.length
                    + " prompt lengths, " + responseLengths.length + " response lengths and " + droppedTokens.length
                    + " counts of dropped tokens; there must be one of each an example");
        }
        if (Arrays.stream(promptLengths).anyMatch(length -> length < 0)
                || Arrays.stream(responseLengths).anyMatch(length -> length < 0)) {
            throw new IllegalArgumentException("a packed row has a length below 0; its shard was not written by Hone");
        }
        long described = Arrays.stream(promptLengths).asLongStream().sum()
                + Arrays.stream(responseLengths).asLongStream().sum();
        if (described != tokens.length) {
            throw new IllegalArgumentException("a packed row has " + tokens.length + " tokens, its lengths say "
                    + described + "; its shard was not written by Hone");
        }
    }

    /**
     * Puts examples one after the other.
     *
     * @param examples the examples
     * @return the row
     */
    public static PackedRow of(List<PackedExample> examples) {
        int[] tokens = new int[examples.stream().mapToInt(PackedExample::length).sum()];
        int end = 0;
        for (PackedExample example : examples) {
            System.arraycopy(example.prompt(), 0, tokens, end, example.prompt().length);
            end += example.prompt().length;
            System.arraycopy(example.response(), 0, tokens, end, example.response().length);
            end += example.response().length;
        }
        return new PackedRow(
                examples.stream().map(PackedExample::id).toList(),
                tokens,
                examples.stream().mapToInt(example -> example.prompt().length).toArray(),
                examples.stream().mapToInt(example -> example.response().length).toArray(),
                examples.stream().mapToInt(PackedExample::droppedTokens).toArray());
    }

    /**
     * The examples as they went in.
     *
     * @return the examples, in the row's order
     */
    public List<PackedExample> unpack() {
        List<PackedExample> unpacked = new ArrayList<>(examples.size());
        int start = 0;
        for (int e = 0; e < examples.size(); e++) {
            int border = start + promptLengths[e];
            int end = border + responseLengths[e];
            unpacked.add(new PackedExample(
                    examples.get(e),
                    Arrays.copyOfRange(tokens, start, border),
                    Arrays.copyOfRange(tokens, border, end),
                    droppedTokens[e]));
            start = end;
        }
        return unpacked;
    }

    /**
     * The row's id: a hash of its examples' ids.
     *
     * @return 32 hexadecimal digits
     */
    public String id() {
        ContentHash hash = ContentHash.start();
        examples.forEach(hash::add);
        return hash.hex();
    }

    /**
     * The position of each token in its own example, as the rotary embedding counts it.
     *
     * @return (T) 0, 1, 2, … from 0 again at every example
     */
    public int[] positions() {
        int[] positions = new int[tokens.length];
        int start = 0;
        for (int e = 0; e < examples.size(); e++) {
            int length = length(e);
            for (int i = 0; i < length; i++) {
                positions[start + i] = i;
            }
            start += length;
        }
        return positions;
    }

    /**
     * The example that each token belongs to. Token i may attend to token j if j ≤ i and their examples are the same.
     *
     * @return (T) numbers from 0 to E - 1, ascending
     */
    public int[] segments() {
        int[] segments = new int[tokens.length];
        int start = 0;
        for (int e = 0; e < examples.size(); e++) {
            Arrays.fill(segments, start, start + length(e), e);
            start += length(e);
        }
        return segments;
    }

    /**
     * Which tokens the loss counts. An example's first response token is predicted from its own prompt's last; the first
     * token of an example is never trained, so nothing is predicted across a border.
     *
     * @return (T) true for the tokens of responses
     */
    public boolean[] lossMask() {
        boolean[] mask = new boolean[tokens.length];
        int start = 0;
        for (int e = 0; e < examples.size(); e++) {
            int end = start + length(e);
            Arrays.fill(mask, start + promptLengths[e], end, true);
            start = end;
        }
        return mask;
    }

    private int length(int example) {
        return promptLengths[example] + responseLengths[example];
    }
}
