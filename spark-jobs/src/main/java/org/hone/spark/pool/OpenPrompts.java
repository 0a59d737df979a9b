package org.hone.spark.pool;

import java.io.Serializable;
import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.hone.spark.table.Columns;
import org.hone.spark.tokenise.Rows;

/** What more samples of each prompt are expected to bring, after what its samples so far were given. */
public final class OpenPrompts {
    /** A row a prompt: what one more sample is expected to add to its best reward, and what all that are left would. */
    public static final StructType SCHEMA = new StructType()
            .add("prompt_id", DataTypes.StringType, false)
            .add("next", DataTypes.DoubleType, false)
            .add("rest", DataTypes.DoubleType, false);

    private static final StructType SPREAD =
            new StructType().add("squares", DataTypes.DoubleType, false).add("freedom", DataTypes.LongType, false);

    private OpenPrompts() {}

    /**
     * The expected improvement of every prompt.
     *
     * @param scores rows with {@code prompt_id} and {@code reward}, one a sample so far; two of a prompt at least
     * @param most K, the most samples of a prompt
     * @return rows of {@link #SCHEMA}; the same to the bit however the scores are spread
     */
    public static Dataset<Row> of(Dataset<Row> scores, int most) {
        Dataset<Row> prompts = Rewards.by(scores, functions.col("prompt_id"));
        ExpectedImprovement expected = new ExpectedImprovement(pooledVariance(prompts));
        return prompts.mapPartitions(new Foreseen(expected, most), Encoders.row(SCHEMA));
    }

    /** Σ over prompts of squared distances from their own mean, by the degrees of freedom. */
    private static double pooledVariance(Dataset<Row> prompts) {
        Row sums = prompts.mapPartitions(new Squares(), Encoders.row(SPREAD))
                .agg(Columns.exactSum(functions.col("squares")), functions.sum("freedom"))
                .first();
        return sums.getDouble(0) / Math.max(1, sums.getLong(1));
    }

    /** A prompt's rewards → what it adds to the pooled variance. */
    private record Squares() implements MapPartitionsFunction<Row, Row>, Serializable {
        @Override
        public Iterator<Row> call(Iterator<Row> prompts) {
            return Rows.map(prompts, prompt -> {
                Rewards rewards = Rewards.of(prompt);
                return RowFactory.create(rewards.squares(), rewards.count() - 1L);
            });
        }
    }

    /** A prompt's rewards → a row of {@link #SCHEMA}. */
    private record Foreseen(ExpectedImprovement expected, int most)
            implements MapPartitionsFunction<Row, Row>, Serializable {
        @Override
        public Iterator<Row> call(Iterator<Row> prompts) {
            return Rows.map(prompts, prompt -> {
                Rewards rewards = Rewards.of(prompt);
                int left = Math.max(0, most - rewards.count());
                return RowFactory.create(
                        prompt.getAs("prompt_id"), expected.of(rewards, Math.min(1, left)), expected.of(rewards, left));
            });
        }
    }
}
