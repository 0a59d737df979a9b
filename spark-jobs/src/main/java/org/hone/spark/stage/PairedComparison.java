package org.hone.spark.stage;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.hone.spark.evaluation.Interval;

/**
 * Two policies on the same prompts. A prompt counts once, with the mean over its samples, and the difference is taken
 * prompt by prompt, so that easy and hard prompts cancel.
 *
 * @param prompts how many prompts both policies answered
 * @param before mean of the policy before the round
 * @param after mean of the policy after the round
 * @param gain mean of the differences
 * @param halfWidth half the width of the gain's 95 % interval, by the normal approximation
 */
public record PairedComparison(long prompts, double before, double after, double gain, double halfWidth) {
    /**
     * Compares a column of two tables of scored responses.
     *
     * @param before the responses before the round
     * @param after the responses after the round
     * @param column what is compared
     * @return the comparison
     */
    public static PairedComparison of(Dataset<Row> before, Dataset<Row> after, String column) {
        Row row = byPrompt(before, column, "before")
                .join(byPrompt(after, column, "after"), "prompt_id")
                .withColumn("gain", functions.expr("after - before"))
                .agg(
                        functions.count("*"),
                        functions.avg("before"),
                        functions.avg("after"),
                        functions.avg("gain"),
                        functions.stddev_samp("gain"))
                .first();
        double standardError = row.getDouble(4) / Math.sqrt((double) row.getLong(0));
        return new PairedComparison(
                row.getLong(0),
                row.getDouble(1),
                row.getDouble(2),
                row.getDouble(3),
                Interval.ofMean(row.getDouble(3), standardError).halfWidth());
    }

    private static Dataset<Row> byPrompt(Dataset<Row> scored, String column, String name) {
        return scored.groupBy("prompt_id").agg(functions.avg(column).as(name));
    }
}
