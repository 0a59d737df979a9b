package org.hone.spark.sampling;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** How long responses will be, from how long earlier ones were. It decides where a prompt is answered, and nothing else. */
public final class ExpectedTokens {
    private ExpectedTokens() {}

    /**
     * Prompts with the column {@link Fanout#EXPECTED_TOKENS}: as long as the prompt's earlier responses on average, of a new
     * prompt as long as those of all.
     *
     * @param prompts prompts, with column {@code id}
     * @param earlier candidates of earlier rounds or waves
     * @return the prompts, with the column if there are earlier candidates
     */
    public static Dataset<Row> of(Dataset<Row> prompts, Dataset<Row> earlier) {
        Dataset<Row> lengths = earlier.select(
                functions.col("prompt_id").as("answered"),
                functions.size(functions.col("tokens")).as("length"));
        Row all = lengths.agg(functions.avg("length")).first();
        if (all.isNullAt(0)) {
            return prompts;
        }
        Dataset<Row> means =
                lengths.groupBy("answered").agg(functions.avg("length").as("mean"));
        return prompts.join(means, prompts.col("id").equalTo(means.col("answered")), "left")
                .withColumn(
                        Fanout.EXPECTED_TOKENS,
                        functions.coalesce(functions.col("mean"), functions.lit(all.getDouble(0))))
                .drop("answered", "mean");
    }
}
