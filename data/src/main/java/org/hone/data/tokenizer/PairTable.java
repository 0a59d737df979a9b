package org.hone.data.tokenizer;

/** What two neighbouring symbols merge to: a hash table from pairs of numbers to a number. */
final class PairTable {
    private static final int MISSING = -1;

    private final long[] keys;
    private final int[] values;
    private final int shift;

    /**
     * An empty table.
     *
     * @param most how many pairs it will hold
     */
    PairTable(int most) {
        int bits = Math.max(4, Long.SIZE - Long.numberOfLeadingZeros(2L * most));
        this.keys = new long[1 << bits];
        this.values = new int[1 << bits];
        this.shift = Long.SIZE - bits;
    }

    void put(int left, int right, int value) {
        int slot = slot(key(left, right));
        keys[slot] = key(left, right);
        values[slot] = value;
    }

    /** The pair's value, or -1. */
    int get(int left, int right) {
        long key = key(left, right);
        int slot = slot(key);
        return keys[slot] == key ? values[slot] : MISSING;
    }

    private int slot(long key) {
        int slot = (int) ((key * 0x9E3779B97F4A7C15L) >>> shift);
        while (keys[slot] != 0 && keys[slot] != key) {
            slot = (slot + 1) & (keys.length - 1);
        }
        return slot;
    }

    /** Never 0, which marks a free slot. */
    private static long key(int left, int right) {
        return (long) (left + 1) << 32 | (right + 1);
    }
}
