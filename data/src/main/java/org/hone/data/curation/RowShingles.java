package org.hone.data.curation;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The shingles of a row by its parts: the prompt with all its turns, and every response or the document apart.
 *
 * <p>Two rows are as similar as the least similar of their parts: min over parts p of |A_p ∩ B_p| / |A_p ∪ B_p|. Measured
 * over the whole row, a long prompt would hide that the responses are others: of K responses to one prompt there are
 * K (K − 1) / 2 comparisons (arXiv 2203.02155, section 3.5), which share the prompt, often a response too, and are all to
 * be learned from. Shingles of different parts are never equal, so the similarity over the whole row is at least this
 * one: candidates that are found by the whole row miss nothing.
 */
public final class RowShingles {
    private final List<long[]> parts;

    private RowShingles(List<long[]> parts) {
        this.parts = parts;
    }

    /**
     * The shingles of passages.
     *
     * @param passages those of a row, or of its prompt alone, in their order
     * @param shingles makes sets; what it holds is forgotten
     * @return the shingles: of the prompt first, then of the other passages
     */
    public static RowShingles of(List<Passage> passages, Shingles shingles) {
        List<long[]> parts = new ArrayList<>();
        shingles.take();
        passages.stream().filter(passage -> passage.kind().isPrompt()).forEach(shingles::add);
        parts.add(shingles.take());
        passages.stream()
                .filter(passage -> !passage.kind().isPrompt())
                .forEach(passage -> parts.add(shingles.add(passage).take()));
        return new RowShingles(parts);
    }

    /**
     * The similarity of two rows of a table.
     *
     * @param other the other row, with as many parts
     * @return that of the least similar parts, from 0 to 1; a part without words in both rows tells nothing, and two rows
     *     of such parts alone are not alike
     */
    public double similarity(RowShingles other) {
        if (parts.size() != other.parts.size()) {
            throw new IllegalArgumentException("rows of " + parts.size() + " and " + other.parts.size()
                    + " parts cannot be compared; compare rows of one table");
        }
        double least = Double.POSITIVE_INFINITY;
        for (int part = 0; part < parts.size(); part++) {
            long[] one = parts.get(part);
            long[] two = other.parts.get(part);
            if (one.length + two.length > 0) {
                least = Math.min(least, Jaccard.of(one, two));
            }
        }
        return least == Double.POSITIVE_INFINITY ? 0 : least;
    }

    /**
     * The shingles as bytes, as they are sent between tasks.
     *
     * @return the number of parts and their sizes, four bytes each, then eight bytes a shingle
     */
    public byte[] pack() {
        int all = parts.stream().mapToInt(part -> part.length).reduce(0, Math::addExact);
        int head = Integer.BYTES * (1 + parts.size());
        ByteBuffer bytes = ByteBuffer.allocate(Math.addExact(head, Math.multiplyExact(Long.BYTES, all)));
        bytes.putInt(parts.size());
        parts.forEach(part -> bytes.putInt(part.length));
        parts.forEach(part -> {
            bytes.asLongBuffer().put(part);
            bytes.position(bytes.position() + Long.BYTES * part.length);
        });
        return bytes.array();
    }

    /**
     * Shingles that were sent.
     *
     * @param packed what {@link #pack} made
     * @return the shingles
     */
    public static RowShingles unpack(byte[] packed) {
        ByteBuffer bytes = ByteBuffer.wrap(packed);
        int[] sizes = new int[bytes.getInt()];
        for (int part = 0; part < sizes.length; part++) {
            sizes[part] = bytes.getInt();
        }
        List<long[]> parts = new ArrayList<>();
        for (int size : sizes) {
            long[] part = new long[size];
            bytes.asLongBuffer().get(part);
            bytes.position(bytes.position() + Long.BYTES * size);
            parts.add(part);
        }
        return new RowShingles(parts);
    }
}
