package org.hone.model.training;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.hone.model.llama.PackedBatch;
import org.hone.model.llama.PackedBatch.Segment;

/**
 * Where the rewards of packed pairs are read: at the last token of every response, and, for {@link
 * org.hone.model.loss.PrefixRanking}, at every token before it from which the two responses of a pair differ.
 *
 * @param tokens among the N of the batch, each once, (R): the last ones of the 2 B sequences come first
 * @param chosen where among the R the preferred responses' beginnings are read, (M)
 * @param rejected where the others' beginnings of the same length are read, or their last token if they are shorter, (M)
 * @param weights one over the comparisons of a pair, (M)
 */
@SuppressWarnings("ArrayRecordComponent") // hot path, never compared
record ResponsePrefixes(int[] tokens, int[] chosen, int[] rejected, float[] weights) {
    /** The whole responses alone. */
    static ResponsePrefixes none(PackedBatch batch) {
        return new ResponsePrefixes(batch.lastTokens(), new int[0], new int[0], new float[0]);
    }

    /** The whole responses and all that they begin with. */
    static ResponsePrefixes of(PackedBatch batch) {
        List<Segment> segments = batch.segments();
        int[] last = batch.lastTokens();
        IntStream.Builder before = IntStream.builder();
        IntStream.Builder chosen = IntStream.builder();
        IntStream.Builder rejected = IntStream.builder();
        int[] comparisons = new int[segments.size() / 2];
        int read = last.length;
        for (int b = 0; b < segments.size(); b += 2) {
            Segment first = segments.get(b);
            Segment second = segments.get(b + 1);
            int start = firstDifference(batch.ids(), first, second);
            int ofFirst = first.sequenceLength() - 1 - start;
            int ofSecond = second.sequenceLength() - 1 - start;
            for (int i = 0; i <= Math.max(ofFirst, ofSecond); i++) {
                chosen.add(i < ofFirst ? read + i : b);
                rejected.add(i < ofSecond ? read + ofFirst + i : b + 1);
            }
            from(token(first, start), ofFirst).forEach(before);
            from(token(second, start), ofSecond).forEach(before);
            read += ofFirst + ofSecond;
            comparisons[b / 2] = Math.max(ofFirst, ofSecond) + 1;
        }
        int[] tokens = IntStream.concat(Arrays.stream(last), before.build()).toArray();
        return new ResponsePrefixes(
                tokens, chosen.build().toArray(), rejected.build().toArray(), weights(comparisons));
    }

    /** One over the comparisons of a pair, for each of them. */
    private static float[] weights(int[] comparisons) {
        float[] weights = new float[Arrays.stream(comparisons).sum()];
        int end = 0;
        for (int count : comparisons) {
            Arrays.fill(weights, end, end + count, 1F / count);
            end += count;
        }
        return weights;
    }

    private static IntStream from(int start, int length) {
        return IntStream.range(start, start + length);
    }

    /** The position in both sequences from which they differ; the shorter one's last if they never do. */
    private static int firstDifference(int[] ids, Segment first, Segment second) {
        int end = Math.min(first.sequenceLength(), second.sequenceLength()) - 1;
        int position = Math.max(first.prefixLength(), second.prefixLength());
        while (position < end && ids[token(first, position)] == ids[token(second, position)]) {
            position++;
        }
        return position;
    }

    /** Where among the N tokens one of a sequence's own lies. */
    private static int token(Segment sequence, int position) {
        return sequence.start() + position - sequence.prefixLength();
    }
}
