package org.hone.model.llama;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.Indexing;
import org.hone.model.tensor.Layers;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;

/**
 * The short segments of a packed batch, in blocks of about the same length. What blocks read is picked out of the batch at once, by
 * looking rows up: on the way back, that adds rows to rows faster than other ways of picking do.
 */
final class ShortSegments {
    /** A block holds segments up to so many times as long as its shortest. */
    private static final double ALIKE = 1.5;

    private final List<SegmentBlock> blocks;
    private final long[] ownTokens;
    private final long[] sequenceTokens;
    private final Tensor ownPlaces;
    private final Tensor sequencePlaces;

    ShortSegments(List<PackedBatch.Segment> segments, Device device) {
        this.blocks = blocks(segments, device);
        this.ownTokens = blocks.stream().mapToLong(SegmentBlock::ownTokens).toArray();
        this.sequenceTokens =
                blocks.stream().mapToLong(SegmentBlock::sequenceTokens).toArray();
        this.ownPlaces = places(blocks.stream().flatMapToInt(SegmentBlock::ownPlaces), device);
        this.sequencePlaces = places(blocks.stream().flatMapToInt(SegmentBlock::sequencePlaces), device);
    }

    private static Tensor places(IntStream places, Device device) {
        return Tensors.of(places.toArray()).to(device);
    }

    private static List<SegmentBlock> blocks(List<PackedBatch.Segment> segments, Device device) {
        List<PackedBatch.Segment> sorted = segments.stream()
                .sorted(Comparator.comparing((PackedBatch.Segment segment) -> segment.prefixLength() > 0)
                        .thenComparingInt(PackedBatch.Segment::sequenceLength))
                .toList();
        List<SegmentBlock> blocks = new ArrayList<>();
        int first = 0;
        for (int i = 1; i <= sorted.size(); i++) {
            if (i == sorted.size() || !belongTogether(sorted.get(first), sorted.get(i))) {
                blocks.add(new SegmentBlock(sorted.subList(first, i), device));
                first = i;
            }
        }
        return blocks;
    }

    private static boolean belongTogether(PackedBatch.Segment shortest, PackedBatch.Segment other) {
        return (shortest.prefixLength() > 0) == (other.prefixLength() > 0)
                && other.sequenceLength() <= ALIKE * shortest.sequenceLength();
    }

    boolean isEmpty() {
        return blocks.isEmpty();
    }

    /**
     * Says where the batch's tokens lie among the attended ones.
     *
     * @param places of all N packed tokens; those of short segments are filled in
     * @return how many are attended to
     */
    int fillIn(int[] places) {
        int first = 0;
        for (SegmentBlock block : blocks) {
            block.fillIn(places, first);
            first += block.ownTokens();
        }
        return first;
    }

    /**
     * Attends; shapes of the arguments as {@link Attention#attend} has them.
     *
     * @return (tokens of the blocks, heads · D), block after block
     */
    Tensor attend(Tensor query, Tensor key, Tensor value) {
        List<Tensor> queries = Indexing.split(Layers.embedding(flat(query), ownPlaces), ownTokens, 0);
        Tensor both = Indexing.concatenate(List.of(flat(key), flat(value)), 1);
        List<Tensor> keysAndValues = Indexing.split(Layers.embedding(both, sequencePlaces), sequenceTokens, 0);
        long width = key.size(1) * key.size(2);
        List<Tensor> attended = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            List<Tensor> pair = Indexing.split(keysAndValues.get(i), new long[] {width, width}, 1);
            attended.add(blocks.get(i).attend(queries.get(i), pair.get(0), pair.get(1), query.size(2)));
        }
        return attended.size() == 1 ? attended.get(0) : Indexing.concatenate(attended, 0);
    }

    /** (N, heads, D) → (N, heads · D). */
    private static Tensor flat(Tensor tokens) {
        return tokens.reshape(tokens.size(0), tokens.size(1) * tokens.size(2));
    }
}
