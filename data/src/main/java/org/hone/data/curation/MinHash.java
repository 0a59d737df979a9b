package org.hone.data.curation;

import java.util.Arrays;

/**
 * Min-hashing (Broder, "On the resemblance and containment of documents", 1997): for a random order of all shingles the
 * first shingles of two sets are equal with a probability that is the sets' Jaccard similarity. Orders are hash
 * functions of 32 bits, so that the inner loop is one that the processor's vectors take.
 */
public final class MinHash {
    private static final int SKETCH_BITS = 64;
    /** A pair that is similar enough is thrown away by its sketch at most this often. */
    private static final double SKETCH_MISSES = 1e-4;

    private final Banding banding;
    private final int[] seeds;
    private final int[] least;

    /**
     * Prepares the hash functions.
     *
     * @param banding how the hashes are cut into bands
     */
    public MinHash(Banding banding) {
        this.banding = banding;
        this.seeds = new int[Math.max(SKETCH_BITS, banding.bands() * banding.rows())];
        for (int i = 0; i < seeds.length; i++) {
            seeds[i] = (int) (Mixing.finalise(Mixing.GOLDEN * (i + 1L)) >>> 32);
        }
        this.least = new int[seeds.length];
    }

    /**
     * Takes a set; that of the set before it is forgotten.
     *
     * @param shingles the set, not empty
     * @return this
     */
    public MinHash read(long[] shingles) {
        if (shingles.length == 0) {
            throw new IllegalArgumentException("a set without shingles has no first one; leave such a row out");
        }
        Arrays.fill(least, Integer.MAX_VALUE);
        for (long shingle : shingles) {
            minimise((int) (shingle >>> 32), seeds, least);
        }
        return this;
    }

    /**
     * A bit of each of the first 64 min-hashes: of sets with similarity s a bit differs with probability (1 − s) / 2.
     *
     * @return the bits
     */
    public long sketch() {
        long sketch = 0;
        for (int i = 0; i < SKETCH_BITS; i++) {
            sketch = sketch << 1 | (least[i] & 1);
        }
        return sketch;
    }

    /** Kept small and free of fields, so that it is compiled to vector instructions. */
    private static void minimise(int shingle, int[] seeds, int[] least) {
        for (int i = 0; i < seeds.length; i++) {
            int hash = (shingle ^ seeds[i]) * 0x9E3779B1;
            hash = (hash ^ (hash >>> 15)) * 0x85EBCA77;
            least[i] = Math.min(least[i], hash);
        }
    }

    /**
     * The keys of the bands, made of the band's number and its min-hashes; rows with an equal key are candidates.
     *
     * @return a key a band
     */
    public long[] bands() {
        long[] keys = new long[banding.bands()];
        for (int band = 0; band < keys.length; band++) {
            long key = band + 1L;
            for (int row = 0; row < banding.rows(); row++) {
                key = Mixing.finalise(key * Mixing.GOLDEN + least[band * banding.rows() + row]);
            }
            keys[band] = key;
        }
        return keys;
    }

    /**
     * In how many bits the sketches of two sets may differ, if they shall be worth comparing. The number of bits in
     * which sets of similarity s differ is binomial, of 64 bits with probability (1 − s) / 2.
     *
     * @param threshold the least similarity that counts
     * @return the fewest bits that one pair in 10,000 of exactly that similarity exceeds, or fewer
     */
    public static int sketchDistance(double threshold) {
        double differs = (1 - threshold) / 2;
        double probability = Math.pow(1 - differs, SKETCH_BITS);
        double cumulative = probability;
        int distance = 0;
        while (cumulative < 1 - SKETCH_MISSES && distance < SKETCH_BITS) {
            probability *= (SKETCH_BITS - distance) / (distance + 1.0) * differs / (1 - differs);
            cumulative += probability;
            distance++;
        }
        return distance;
    }
}
