package org.hone.model.llama;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;

/**
 * Sequences one after the other in one row of N tokens, without padding. Each keeps the positions that it has alone and
 * attends to itself only, so packing changes how much is computed and never what.
 *
 * <p>Sequences that begin alike, such as the responses to one prompt, share that beginning: it is stored, encoded and
 * attended to once, and each goes on from it as a branch that does not see the others. Causal attention makes the shared
 * part's hidden states the same for all of them, so this is no approximation either.
 *
 * @param ids (N) token ids
 * @param segments one a sequence, in the order in which the sequences were given; together they are the N tokens
 */
@SuppressWarnings("ArrayRecordComponent") // hot path: a flat primitive array, which nobody changes
public record PackedBatch(int[] ids, List<Segment> segments) {
    /**
     * One sequence's own tokens, and the beginning that it shares with an earlier one.
     *
     * @param start its first own token among the N
     * @param length own tokens, at least 1
     * @param prefixStart where the shared beginning lies; the start of an earlier segment that has no prefix itself
     * @param prefixLength tokens of the shared beginning, 0 for none
     */
    public record Segment(int start, int length, int prefixStart, int prefixLength) {
        /** {@return its last token among the N} */
        public int last() {
            return start + length - 1;
        }

        /** {@return tokens of the sequence, the shared ones too} */
        public int sequenceLength() {
            return prefixLength + length;
        }

        /**
         * The token before one of its own: the shared beginning comes before the first.
         *
         * @param token one of its own among the N
         * @return the one before it among the N
         * @throws IllegalArgumentException if the sequence begins with the token
         */
        public int before(int token) {
            if (token > start) {
                return token - 1;
            }
            if (prefixLength == 0) {
                throw new IllegalArgumentException("token " + token + " begins its sequence; nothing is before it");
            }
            return prefixStart + prefixLength - 1;
        }
    }

    /**
     * Checks that the segments are the tokens, one after the other.
     *
     * @param ids (N) token ids, at least one
     * @param segments in order, without gaps
     */
    public PackedBatch {
        segments = List.copyOf(segments);
        Map<Integer, Segment> begun = new HashMap<>();
        int end = 0;
        for (Segment segment : segments) {
            if (segment.start() != end || segment.length() < 1) {
                throw new IllegalArgumentException(segment + " does not follow the " + end + " tokens before it");
            }
            if (segment.prefixLength() > 0) {
                Segment shared = begun.get(segment.prefixStart());
                if (shared == null || shared.prefixLength() > 0 || shared.length() < segment.prefixLength()) {
                    throw new IllegalArgumentException(segment + ": no earlier sequence begins where its prefix lies");
                }
            }
            begun.put(segment.start(), segment);
            end += segment.length();
        }
        if (end != ids.length || end == 0) {
            throw new IllegalArgumentException(ids.length + " token ids in segments of " + end + " in all");
        }
    }

    /**
     * Puts sequences side by side.
     *
     * @param sequences at least one, none of them empty
     * @return the batch, a segment a sequence
     */
    public static PackedBatch of(List<int[]> sequences) {
        return ofGroups(sequences.stream().map(List::of).toList());
    }

    /**
     * Puts sequences side by side, and stores once what all sequences of a group begin with. Every sequence keeps its last
     * token for itself.
     *
     * @param groups at least one; each of at least one sequence, none of them empty
     * @return the batch, a segment a sequence, group after group
     */
    public static PackedBatch ofGroups(List<List<int[]>> groups) {
        List<Segment> segments = new ArrayList<>();
        List<int[]> sequences = new ArrayList<>();
        int end = 0;
        for (List<int[]> group : groups) {
            int shared = sharedLength(group);
            int groupStart = end;
            for (int[] sequence : group) {
                int prefix = end == groupStart ? 0 : shared;
                segments.add(new Segment(end, sequence.length - prefix, groupStart, prefix));
                sequences.add(sequence);
                end += sequence.length - prefix;
            }
        }
        int[] ids = new int[end];
        for (int i = 0; i < sequences.size(); i++) {
            Segment segment = segments.get(i);
            System.arraycopy(sequences.get(i), segment.prefixLength(), ids, segment.start(), segment.length());
        }
        return new PackedBatch(ids, segments);
    }

    /**
     * How much a group of sequences stores once.
     *
     * @param group the sequences
     * @return tokens that all of them begin with, the last token of the shortest apart; 0 for a sequence alone
     */
    public static int sharedLength(List<int[]> group) {
        if (group.size() < 2) {
            return 0;
        }
        int[] first = group.get(0);
        int shared = first.length - 1;
        for (int[] sequence : group) {
            int limit = Math.min(shared, sequence.length - 1);
            int difference = Arrays.mismatch(first, 0, limit, sequence, 0, limit);
            shared = difference < 0 ? limit : difference;
        }
        return shared;
    }

    /** {@return N} */
    public int tokens() {
        return ids.length;
    }

    /**
     * Rounds the number of tokens up, with sequences behind the others that say nothing and are no longer than those.
     *
     * @param multiple of what the tokens become
     * @return the batch, with some more segments
     */
    PackedBatch filledUp(int multiple) {
        int end = (ids.length + multiple - 1) / multiple * multiple;
        int longest = longest();
        List<Segment> more = new ArrayList<>(segments);
        for (int start = ids.length; start < end; start += longest) {
            more.add(new Segment(start, Math.min(longest, end - start), start, 0));
        }
        return new PackedBatch(Arrays.copyOf(ids, end), more);
    }

    boolean sharesPrefixes() {
        return segments.stream().anyMatch(segment -> segment.prefixLength() > 0);
    }

    /** {@return the longest sequence, its shared beginning counted} */
    int longest() {
        return segments.stream().mapToInt(Segment::sequenceLength).max().orElse(0);
    }

    /**
     * Tells where the sequences end, which is where a reward is read.
     *
     * @param device where to
     * @return places among the N, one a sequence
     */
    public Tensor lastTokens(Device device) {
        return Tensors.of(lastTokens()).to(device);
    }

    /** {@return where the sequences end, places among the N, one a sequence} */
    public int[] lastTokens() {
        return segments.stream().mapToInt(Segment::last).toArray();
    }

    /** The position of every token in its sequence, (N). */
    int[] positions() {
        int[] positions = new int[ids.length];
        for (Segment segment : segments) {
            for (int i = 0; i < segment.length(); i++) {
                positions[segment.start() + i] = segment.prefixLength() + i;
            }
        }
        return positions;
    }

    /** The ids as a tensor (N), checked against the vocabulary. */
    Tensor toTensor(int vocabularySize, Device device) {
        int strange = Vocabulary.firstOutside(ids, vocabularySize);
        if (strange >= 0) {
            throw Vocabulary.outside("packed token " + strange, ids[strange], vocabularySize);
        }
        return Tensors.of(ids).to(device);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PackedBatch batch && Arrays.equals(ids, batch.ids) && segments.equals(batch.segments);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(ids) + segments.hashCode();
    }

    @Override
    public String toString() {
        return "PackedBatch[tokens=" + ids.length + ", sequences=" + segments.size() + "]";
    }
}
