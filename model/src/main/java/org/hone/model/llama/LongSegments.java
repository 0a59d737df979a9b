package org.hone.model.llama;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.Indexing;
import org.hone.model.tensor.Layers;
import org.hone.model.tensor.Tensor;

/** Segments of a packed batch that are each attended to by one call of the fused kernel, on views of the row: nothing is padded. */
final class LongSegments {
    private final List<PackedBatch.Segment> segments;
    private final long[] lengths;
    private final Map<PackedBatch.Segment, Tensor> masks = new HashMap<>();
    private final Map<Integer, Integer> indexByStart = new HashMap<>();

    /**
     * Prepares what all layers have in common.
     *
     * @param all the batch's segments
     * @param segments those to attend to, in order
     * @param device of the tokens
     */
    LongSegments(List<PackedBatch.Segment> all, List<PackedBatch.Segment> segments, Device device) {
        this.segments = segments;
        this.lengths = all.stream().mapToLong(PackedBatch.Segment::length).toArray();
        for (int i = 0; i < all.size(); i++) {
            indexByStart.put(all.get(i).start(), i);
        }
        for (PackedBatch.Segment segment : segments) {
            if (segment.prefixLength() > 0) {
                masks.put(segment, mask(segment, device));
            }
        }
    }

    private static Tensor mask(PackedBatch.Segment segment, Device device) {
        return PrefixMask.of(new int[] {segment.prefixLength()}, segment.length(), segment.sequenceLength(), device);
    }

    boolean isEmpty() {
        return segments.isEmpty();
    }

    /**
     * Says where the batch's tokens lie among the attended ones.
     *
     * @param places of all N packed tokens; those of long segments are filled in
     * @param first where the attended ones begin
     */
    void fillIn(int[] places, int first) {
        int next = first;
        for (PackedBatch.Segment segment : segments) {
            for (int t = segment.start(); t <= segment.last(); t++) {
                places[t] = next++;
            }
        }
    }

    /**
     * Attends; shapes of the arguments as {@link Attention#attend} has them.
     *
     * @return (tokens of the segments, heads · D), segment after segment
     */
    Tensor attend(Tensor query, Tensor key, Tensor value) {
        List<Tensor> queries = Indexing.split(query.transpose(0, 1).unsqueeze(0), lengths, 2);
        List<Tensor> keys = Indexing.split(key.transpose(0, 1).unsqueeze(0), lengths, 2);
        List<Tensor> values = Indexing.split(value.transpose(0, 1).unsqueeze(0), lengths, 2);
        List<Tensor> attended = new ArrayList<>(segments.size());
        for (PackedBatch.Segment segment : segments) {
            Tensor mask = masks.get(segment);
            Tensor mixed = Layers.attention(
                    queries.get(index(segment.start())),
                    withPrefix(segment, keys),
                    withPrefix(segment, values),
                    mask,
                    mask == null);
            attended.add(PaddedAttention.merged(mixed).squeeze(0));
        }
        return attended.size() == 1 ? attended.get(0) : Indexing.concatenate(attended, 0);
    }

    private int index(int start) {
        return Objects.requireNonNull(indexByStart.get(start));
    }

    /** (1, heads, prefix + own tokens, D). */
    private Tensor withPrefix(PackedBatch.Segment segment, List<Tensor> pieces) {
        Tensor own = pieces.get(index(segment.start()));
        if (segment.prefixLength() == 0) {
            return own;
        }
        Tensor shared = pieces.get(index(segment.prefixStart())).narrow(2, 0, segment.prefixLength());
        return Indexing.concatenate(List.of(shared, own), 2);
    }
}
