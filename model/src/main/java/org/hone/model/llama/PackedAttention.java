package org.hone.model.llama;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.Indexing;
import org.hone.model.tensor.Layers;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;

/**
 * Packed sequences (N): every token looks at itself, at those before it in its segment, and at the whole of its segment's
 * prefix. Nothing is computed across sequences.
 *
 * <p>A short segment takes less time than the call for it, so short ones go together ({@link ShortSegments}), with a little padding; a
 * long one is a call of its own ({@link LongSegments}), without.
 */
final class PackedAttention implements Attention {
    /** Tokens of a sequence up to which calls cost more than padding. */
    private static final int SHORT = 128;

    /** So few short segments are not worth picking the whole batch's rows out and putting them back. */
    private static final int FEW = 3;

    private final LongSegments longs;
    private final ShortSegments shorts;
    private final Tensor places;

    PackedAttention(PackedBatch batch, Device device) {
        long shortOnes =
                batch.segments().stream().filter(PackedAttention::isShort).count();
        Map<Boolean, List<PackedBatch.Segment>> parts = batch.segments().stream()
                .collect(Collectors.partitioningBy(segment -> shortOnes > FEW && isShort(segment)));
        this.shorts = new ShortSegments(parts.getOrDefault(true, List.of()), device);
        this.longs = new LongSegments(batch.segments(), parts.getOrDefault(false, List.of()), device);
        int[] places = new int[batch.tokens()];
        longs.fillIn(places, shorts.fillIn(places));
        this.places = Tensors.of(places).to(device);
    }

    private static boolean isShort(PackedBatch.Segment segment) {
        return segment.sequenceLength() <= SHORT;
    }

    @Override
    public Tensor attend(int layer, Tensor query, Tensor key, Tensor value) {
        if (shorts.isEmpty()) {
            return longs.attend(query, key, value); // in order
        }
        Tensor attended = shorts.attend(query, key, value);
        if (!longs.isEmpty()) {
            attended = Indexing.concatenate(List.of(attended, longs.attend(query, key, value)), 0);
        }
        return Layers.embedding(attended, places);
    }
}
