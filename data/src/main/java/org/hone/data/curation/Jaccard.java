package org.hone.data.curation;

/** The similarity of two sets: |A ∩ B| / |A ∪ B|. */
public final class Jaccard {
    private Jaccard() {}

    /**
     * The similarity.
     *
     * @param a ascending, each once
     * @param b ascending, each once
     * @return from 0 to 1; 0 if both are empty, since nothing is known to be alike
     */
    public static double of(long[] a, long[] b) {
        int shared = 0;
        for (int i = 0, j = 0; i < a.length && j < b.length; ) {
            shared += a[i] == b[j] ? 1 : 0;
            long left = a[i];
            i += left <= b[j] ? 1 : 0;
            j += left >= b[j] ? 1 : 0;
        }
        return shared == 0 ? 0 : (double) shared / (a.length + b.length - shared);
    }
}
