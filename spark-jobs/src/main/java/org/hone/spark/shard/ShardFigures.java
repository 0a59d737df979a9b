package org.hone.spark.shard;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What the rows of a folder hold, counted when they were written.
 *
 * @param examples examples or comparisons; more than rows where rows are packed
 * @param truncatedExamples examples or comparisons of which tokens were left out
 * @param tokens tokens in all, a pair's prompt once
 * @param trainedTokens tokens that the loss counts
 * @param maxRowTokens most tokens that one row keeps in memory
 * @param lengths lengths of the rows as the model sees them, of a pair the longer one
 * @param fillRate share of {@code rows · max_length} that is tokens; what is missing from 1 would be padding
 */
public record ShardFigures(
        long examples,
        long truncatedExamples,
        long tokens,
        long trainedTokens,
        int maxRowTokens,
        Lengths lengths,
        double fillRate)
        implements Serializable {
    /**
     * How long rows are, in tokens.
     *
     * @param min the shortest
     * @param mean the mean
     * @param p50 the median: the least length that at least half of the rows do not exceed
     * @param p99 the same for 99 of 100
     * @param max the longest
     * @param histogram rows by powers of two
     */
    public record Lengths(int min, double mean, int p50, int p99, int max, List<Bin> histogram)
            implements Serializable {
        /**
         * Copies the list into one that every serialiser takes.
         *
         * @param min the shortest
         * @param mean the mean
         * @param p50 the median: the least length that at least half of the rows do not exceed
         * @param p99 the same for 99 of 100
         * @param max the longest
         * @param histogram rows by powers of two
         */
        public Lengths {
            histogram = new ArrayList<>(histogram);
        }

        /**
         * Summarises lengths.
         *
         * @param counts rows by length
         * @return the summary
         */
        static Lengths of(SortedMap<Integer, Long> counts) {
            long rows = counts.values().stream().mapToLong(Long::longValue).sum();
            double sum = counts.entrySet().stream()
                    .mapToDouble(entry -> (double) entry.getKey() * entry.getValue())
                    .sum();
            return new Lengths(
                    counts.firstKey(),
                    sum / rows,
                    percentile(counts, (rows + 1) / 2),
                    percentile(counts, (99 * rows + 99) / 100),
                    counts.lastKey(),
                    histogram(counts));
        }

        private static int percentile(SortedMap<Integer, Long> counts, long rank) {
            long seen = 0;
            for (Map.Entry<Integer, Long> entry : counts.entrySet()) {
                seen += entry.getValue();
                if (seen >= rank) {
                    return entry.getKey();
                }
            }
            return counts.lastKey();
        }

        private static List<Bin> histogram(SortedMap<Integer, Long> counts) {
            List<Bin> bins = new ArrayList<>();
            for (int upTo = 1, from = 0; from < counts.lastKey(); from = upTo, upTo *= 2) {
                long rows = counts.subMap(from + 1, upTo + 1).values().stream()
                        .mapToLong(Long::longValue)
                        .sum();
                if (rows > 0) {
                    bins.add(new Bin(upTo, rows));
                }
            }
            return bins;
        }
    }

    /**
     * Rows of a range of lengths.
     *
     * @param upTo the longest of the range; the shortest is one more than half of it
     * @param rows rows in it
     */
    public record Bin(int upTo, long rows) implements Serializable {}
}
