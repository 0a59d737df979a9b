package org.hone.spark.curation;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What became of the rows of a source in a table; rows in = training + held out + removed.
 *
 * @param table the table
 * @param source the source
 * @param rowsIn rows before
 * @param training rows that are trained on
 * @param repeats copies of training rows beyond the first
 * @param heldOut rows that are held out
 * @param helpfulness training rows that are in the helpfulness mixture
 * @param safety training rows that are in the safety mixture
 * @param removed removed rows by the name of the rule
 */
public record SourceCounts(
        String table,
        String source,
        long rowsIn,
        long training,
        long repeats,
        long heldOut,
        long helpfulness,
        long safety,
        SortedMap<String, Long> removed) {
    /**
     * Checks that the counts add up.
     *
     * @param table the table
     * @param source the source
     * @param rowsIn rows before
     * @param training rows that are trained on
     * @param repeats copies of training rows beyond the first
     * @param heldOut rows that are held out
     * @param helpfulness training rows that are in the helpfulness mixture
     * @param safety training rows that are in the safety mixture
     * @param removed removed rows by the name of the rule
     */
    public SourceCounts {
        removed = Collections.unmodifiableSortedMap(new TreeMap<>(removed));
        long all = training + heldOut + sum(removed);
        if (all != rowsIn) {
            throw new IllegalStateException("curation lost rows of " + table + ", source " + source + ": " + rowsIn
                    + " in, " + training + " for training, " + heldOut + " held out, " + sum(removed) + " removed");
        }
    }

    /**
     * Removed rows by whichever rule.
     *
     * @return their number
     */
    public long removedRows() {
        return sum(removed);
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
