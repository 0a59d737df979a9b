package org.hone.model.distributed;

/**
 * A rank's part of a flat tensor that is spread over the ranks.
 *
 * @param start its first element
 * @param end one behind its last; the same as the start if the tensor is too short for so many ranks
 */
public record Part(long start, long end) {
    /**
     * How much it is.
     *
     * @return elements
     */
    public long length() {
        return end - start;
    }

    /**
     * The part of a rank: its tensor is halved for each bit of its number, the lowest first, and it keeps the lower half for
     * a 0 and the upper half for a 1. So two ranks that meet at a level of the tree share what they both had before it.
     *
     * @param rank 0 … size - 1
     * @param size W, a power of two
     * @param elements of the whole tensor
     * @param unit halves begin at multiples of it
     * @return the part
     */
    public static Part of(int rank, int size, long elements, long unit) {
        Part part = new Part(0, elements);
        for (int distance = 1; distance < size; distance *= 2) {
            part = part.half((rank & distance) != 0, unit);
        }
        return part;
    }

    /** The lower or the upper half. */
    Part half(boolean upper, long unit) {
        long rounded = (length() / 2 + unit - 1) / unit * unit;
        long middle = Math.min(end, start + rounded);
        return upper ? new Part(middle, end) : new Part(start, middle);
    }
}
