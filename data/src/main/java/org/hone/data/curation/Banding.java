package org.hone.data.curation;

/**
 * How the min-hashes of a row are cut into bands. Two rows are candidates if one band is equal; with similarity s that
 * happens with probability 1 − (1 − s^r)^b for b bands of r hashes.
 *
 * @param bands b
 * @param rows r, hashes in a band
 */
public record Banding(int bands, int rows) {
    /**
     * The banding that proposes the fewest wrong candidates (the most hashes in a band) and still finds a pair that is
     * just similar enough with the wanted probability.
     *
     * @param threshold the least similarity that counts, above 0 and at most 1
     * @param recall probability that a pair of exactly that similarity is found; more similar ones are found more often
     * @param hashes the most min-hashes that may be computed
     * @return the banding
     */
    public static Banding of(double threshold, double recall, int hashes) {
        for (int rows = hashes; rows >= 1; rows--) {
            double equal = Math.pow(threshold, rows);
            double bands = equal == 1 ? 1 : Math.ceil(Math.log1p(-recall) / Math.log1p(-equal));
            if (bands * rows <= hashes) {
                return new Banding((int) Math.max(1, bands), rows);
            }
        }
        throw new IllegalArgumentException("similarity " + threshold + " with recall " + recall + " needs more than "
                + hashes + " min-hashes; raise hashes, or lower recall");
    }

    /**
     * The probability that two rows become candidates.
     *
     * @param similarity their similarity
     * @return 1 − (1 − s^r)^b
     */
    public double candidates(double similarity) {
        return -Math.expm1(bands * Math.log1p(-Math.pow(similarity, rows)));
    }
}
