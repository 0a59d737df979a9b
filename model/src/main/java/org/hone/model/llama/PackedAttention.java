package org.hone.model.llama;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.Elementwise;
import org.hone.model.tensor.Indexing;
import org.hone.model.tensor.Layers;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;

/**
 * Packed sequences (N): every token looks at itself, at those before it in its segment, and at the whole of its segment's
 * prefix. A segment is one call of the fused kernel on views of the row, so nothing is computed across sequences and
 * nothing is padded.
 */
final class PackedAttention implements Attention {
    private final List<PackedBatch.Segment> segments;
    private final long[] lengths;
    private final Map<PackedBatch.Segment, Tensor> masks = new HashMap<>();
    private final Map<Integer, Integer> indexByStart = new HashMap<>();

    PackedAttention(PackedBatch batch, Device device) {
        this.segments = batch.segments();
        this.lengths = segments.stream().mapToLong(PackedBatch.Segment::length).toArray();
        for (int i = 0; i < segments.size(); i++) {
            PackedBatch.Segment segment = segments.get(i);
            indexByStart.put(segment.start(), i);
            if (segment.prefixLength() > 0) {
                masks.put(segment, mask(segment, device));
            }
        }
    }

    /** Own token t sees the prefix and own tokens up to t: (own tokens, prefix + own tokens). */
    private static Tensor mask(PackedBatch.Segment segment, Device device) {
        Tensor last = Tensors.range(segment.prefixLength(), segment.sequenceLength(), device)
                .unsqueeze(1);
        return Elementwise.lessOrEqual(Tensors.range(0, segment.sequenceLength(), device), last);
    }

    @Override
    public Tensor attend(int layer, Tensor query, Tensor key, Tensor value) {
        List<Tensor> queries = Indexing.split(query.transpose(0, 1).unsqueeze(0), lengths, 2);
        List<Tensor> keys = Indexing.split(key.transpose(0, 1).unsqueeze(0), lengths, 2);
        List<Tensor> values = Indexing.split(value.transpose(0, 1).unsqueeze(0), lengths, 2);
        List<Tensor> attended = new ArrayList<>(segments.size());
        for (int i = 0; i < lengths.length; i++) {
            PackedBatch.Segment segment = segments.get(i);
            Tensor mask = masks.get(segment);
            Tensor mixed = Layers.attention(
                    queries.get(i), withPrefix(segment, i, keys), withPrefix(segment, i, values), mask, mask == null);
            attended.add(PaddedAttention.merged(mixed).squeeze(0));
        }
        return attended.size() == 1 ? attended.get(0) : Indexing.concatenate(attended, 0);
    }

    /** (1, heads, prefix + own tokens, D). */
    private Tensor withPrefix(PackedBatch.Segment segment, int index, List<Tensor> pieces) {
        if (segment.prefixLength() == 0) {
            return pieces.get(index);
        }
        Tensor shared = pieces.get(Objects.requireNonNull(indexByStart.get(segment.prefixStart())))
                .narrow(2, 0, segment.prefixLength());
        return Indexing.concatenate(List.of(shared, pieces.get(index)), 2);
    }
}
