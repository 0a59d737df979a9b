package org.hone.model.llama;

import java.util.List;
import java.util.stream.IntStream;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.Layers;
import org.hone.model.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Short segments of a packed batch (B) that are attended to in one call, filled up to the longest of them: T own tokens, and S of the
 * whole sequence. What it is filled up with is a segment's last token once more, which nobody looks at and from which nothing is read.
 */
final class SegmentBlock {
    private final List<PackedBatch.Segment> segments;
    private final int ownLength;
    private final int sequenceLength;
    private final @Nullable Tensor mask;

    /**
     * Lays segments side by side.
     *
     * @param segments all with a prefix, or all without one
     * @param device of the tokens
     */
    SegmentBlock(List<PackedBatch.Segment> segments, Device device) {
        this.segments = List.copyOf(segments);
        this.ownLength =
                segments.stream().mapToInt(PackedBatch.Segment::length).max().orElseThrow();
        this.sequenceLength = segments.stream()
                .mapToInt(PackedBatch.Segment::sequenceLength)
                .max()
                .orElseThrow();
        this.mask = segments.get(0).prefixLength() == 0 ? null : mask(device);
    }

    private Tensor mask(Device device) {
        int[] prefixes =
                segments.stream().mapToInt(PackedBatch.Segment::prefixLength).toArray();
        return PrefixMask.of(prefixes, ownLength, sequenceLength, device);
    }

    /** {@return B · T} */
    int ownTokens() {
        return segments.size() * ownLength;
    }

    /** {@return B · S} */
    int sequenceTokens() {
        return segments.size() * sequenceLength;
    }

    /** {@return where each own token lies among the packed ones, (B · T)} */
    IntStream ownPlaces() {
        return segments.stream()
                .flatMapToInt(segment -> IntStream.range(0, ownLength).map(t -> ownPlace(segment, t)));
    }

    /** {@return where each token of the sequences lies among the packed ones, (B · S)} */
    IntStream sequencePlaces() {
        return segments.stream()
                .flatMapToInt(segment -> IntStream.range(0, sequenceLength)
                        .map(s -> s < segment.prefixLength()
                                ? segment.prefixStart() + s
                                : ownPlace(segment, s - segment.prefixLength())));
    }

    private static int ownPlace(PackedBatch.Segment segment, int token) {
        return segment.start() + Math.min(token, segment.length() - 1);
    }

    /**
     * Says where the packed tokens lie among the block's own ones.
     *
     * @param places of all N packed tokens; those of this block are filled in
     * @param first where the block begins
     */
    void fillIn(int[] places, int first) {
        for (int b = 0; b < segments.size(); b++) {
            PackedBatch.Segment segment = segments.get(b);
            for (int t = 0; t < segment.length(); t++) {
                places[segment.start() + t] = first + b * ownLength + t;
            }
        }
    }

    /**
     * Attends.
     *
     * @param query (B · T, heads · D)
     * @param key (B · S, key-value heads · D)
     * @param value (B · S, key-value heads · D)
     * @param headSize D
     * @return (B · T, heads · D)
     */
    Tensor attend(Tensor query, Tensor key, Tensor value, long headSize) {
        Tensor mixed = Layers.attention(
                heads(query, ownLength, headSize),
                heads(key, sequenceLength, headSize),
                heads(value, sequenceLength, headSize),
                mask,
                mask == null);
        return PaddedAttention.merged(mixed).view(ownTokens(), query.size(1));
    }

    /** (B · T, heads · D) → (B, heads, T, D). */
    private Tensor heads(Tensor tokens, int length, long headSize) {
        return tokens.view(segments.size(), length, tokens.size(1) / headSize, headSize)
                .transpose(1, 2);
    }
}
