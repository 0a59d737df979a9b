package org.hone.data.curation;

import java.io.Serializable;

/**
 * What a source is for.
 *
 * @param source its name, as rows have it
 * @param axis what its comparisons are about
 * @param origin who collected it
 * @param weight how often a demonstration or document is used: below 1 a share is sampled, above 1 rows are repeated
 * @param preference of two duplicates the one from the source with the lower number is kept
 */
public record SourceRole(String source, Axis axis, Origin origin, double weight, int preference)
        implements Serializable {
    /** What a comparison is about. */
    public enum Axis {
        /** Which response helps more. */
        HELPFULNESS,
        /** Which response does less harm. */
        SAFETY
    }

    /** Who collected a source. */
    public enum Origin {
        /** Ourselves, in weekly batches. */
        OWN,
        /** Others, who published it. */
        OPEN_SOURCE
    }

    /**
     * Checks the weight.
     *
     * @param source its name, as rows have it
     * @param axis what its comparisons are about
     * @param origin who collected it
     * @param weight how often a demonstration or document is used
     * @param preference of two duplicates the one from the source with the lower number is kept
     */
    public SourceRole {
        if (!(weight >= 0 && weight <= 1_000)) {
            throw new IllegalArgumentException(
                    source + ": weight: got " + weight + ", expected a number from 0 to 1000");
        }
    }
}
