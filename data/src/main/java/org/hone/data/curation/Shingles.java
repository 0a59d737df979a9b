package org.hone.data.curation;

import java.util.Arrays;

/**
 * The set of a row's shingles: every run of w words of a passage, as a 64-bit hash. No shingle runs from one passage
 * into the next, and passages of different kinds share none: a pair whose preference was swapped is a contradiction,
 * not a duplicate. A passage of fewer words is one shingle. Buffers are kept from row to row.
 */
public final class Shingles {
    /** An odd base: the hash of a run is Σ word_j · base^(w − 1 − j) modulo 2^64, so that it rolls on in one step. */
    private static final long BASE = 0xD6E8FEB86659FD93L;

    private final int width;
    private final long highest;
    private final WordHashes words = new WordHashes();
    private long[] hashes = new long[1024];
    private int size;

    /**
     * An empty set.
     *
     * @param width words in a shingle, at least 1
     */
    public Shingles(int width) {
        if (width < 1) {
            throw new IllegalArgumentException("words in a shingle: got " + width + ", expected at least 1");
        }
        this.width = width;
        long power = 1;
        for (int i = 1; i < width; i++) {
            power *= BASE;
        }
        this.highest = power;
    }

    /**
     * Adds the shingles of a passage.
     *
     * @param passage the passage
     * @return this
     */
    public Shingles add(Passage passage) {
        words.read(passage.text());
        long salt = passage.kind().salt();
        long run = 0;
        for (int i = 0; i < words.size(); i++) {
            run = (i < width ? run : run - words.at(i - width) * highest) * BASE + words.at(i);
            if (i >= width - 1) {
                put(Mixing.finalise(run ^ salt));
            }
        }
        if (words.size() > 0 && words.size() < width) {
            put(Mixing.finalise((run + words.size() * Mixing.GOLDEN) ^ salt));
        }
        return this;
    }

    /**
     * Ends the set, and begins an empty one.
     *
     * @return the hashes, ascending, each once
     */
    public long[] take() {
        Arrays.sort(hashes, 0, size);
        int distinct = 0;
        for (int i = 0; i < size; i++) {
            if (i == 0 || hashes[i] != hashes[i - 1]) {
                hashes[distinct++] = hashes[i];
            }
        }
        size = 0;
        return Arrays.copyOf(hashes, distinct);
    }

    private void put(long hash) {
        if (size == hashes.length) {
            hashes = Arrays.copyOf(hashes, 2 * size);
        }
        hashes[size++] = hash;
    }
}
