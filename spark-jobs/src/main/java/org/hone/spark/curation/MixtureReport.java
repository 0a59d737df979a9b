package org.hone.spark.curation;

import org.hone.data.curation.Proportion;

/**
 * What a mixture was made of.
 *
 * @param name helpfulness or safety
 * @param share wished share of the second side
 * @param available rows of the side that is wanted whole, and of the side that is drawn from
 * @param drawn rows that were taken of each
 */
public record MixtureReport(String name, double share, Proportion available, Proportion drawn) {
    /**
     * Whether the second side had too few rows.
     *
     * @return whether the first side was not taken whole, or the share is not the wished one
     */
    public boolean isShort() {
        Proportion ample = new Proportion(available.first(), Long.MAX_VALUE);
        return !drawn.equals(Proportion.of(ample, share, Proportion.Shortage.KEEP));
    }
}
