package org.hone.spark.pool;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.hone.spark.table.Columns;
import org.hone.spark.tokenise.Rows;

/**
 * Maximum, median and mean reward of N responses, for N from 1 to K, by temperature (arXiv 2307.09288, figures 7 and 8): means over
 * the prompts of {@link OrderStatistics}, with standard errors. The gain of rejection sampling is the distance of maximum and
 * median.
 */
public final class RewardCurves {
    /** A row a temperature and N. */
    public static final StructType SCHEMA = new StructType()
            .add("temperature", DataTypes.DoubleType, false)
            .add("n", DataTypes.IntegerType, false)
            .add("prompts", DataTypes.LongType, false)
            .add("max", DataTypes.DoubleType, false)
            .add("max_standard_error", DataTypes.DoubleType, true)
            .add("median", DataTypes.DoubleType, false)
            .add("median_standard_error", DataTypes.DoubleType, true)
            .add("mean", DataTypes.DoubleType, false)
            .add("mean_standard_error", DataTypes.DoubleType, true);

    private static final StructType BY_PROMPT = new StructType()
            .add("temperature", DataTypes.DoubleType, false)
            .add("n", DataTypes.IntegerType, false)
            .add("max", DataTypes.DoubleType, false)
            .add("median", DataTypes.DoubleType, false)
            .add("mean", DataTypes.DoubleType, false);

    /** Up to here every N, beyond in steps of an eighth: a curve needs no more points. */
    private static final int EVERY = 32;

    private RewardCurves() {}

    /**
     * Draws the curves. A prompt counts for the N up to its own number of responses.
     *
     * @param scored candidates with columns {@code prompt_id}, {@code temperature} and {@code reward}
     * @return the points, by temperature and N; the same to the bit however the candidates are spread
     */
    public static Dataset<Row> of(Dataset<Row> scored) {
        Dataset<Row> points = Rewards.by(scored, functions.col("temperature"), functions.col("prompt_id"))
                .mapPartitions(new Points(), Encoders.row(BY_PROMPT));
        return points.groupBy("temperature", "n")
                .agg(
                        functions.count("*").as("prompts"),
                        mean("max"),
                        standardError("max"),
                        mean("median"),
                        standardError("median"),
                        mean("mean"),
                        standardError("mean"))
                .orderBy("temperature", "n");
    }

    private static Column exactMean(Column of) {
        return Columns.exactSum(of).divide(functions.count("*"));
    }

    private static Column mean(String column) {
        return exactMean(functions.col(column)).as(column);
    }

    /** √(variance / prompts), nothing for a single prompt. */
    private static Column standardError(String column) {
        Column value = functions.col(column);
        Column mean = exactMean(value);
        Column variance =
                functions.greatest(exactMean(value.multiply(value)).minus(mean.multiply(mean)), functions.lit(0.0));
        return functions
                .when(
                        functions.count("*").gt(1),
                        functions.sqrt(variance.divide(functions.count("*").minus(1))))
                .as(column + "_standard_error");
    }

    /** The N of a curve. */
    static List<Integer> steps(int k) {
        List<Integer> steps = new ArrayList<>();
        for (int n = 1; n < k; n += n < EVERY ? 1 : n / 8) {
            steps.add(n);
        }
        steps.add(k);
        return steps;
    }

    /** A prompt's sorted rewards → its points. */
    private record Points() implements MapPartitionsFunction<Row, Row> {
        @Override
        public Iterator<Row> call(Iterator<Row> prompts) {
            return Rows.flatMap(prompts, prompt -> {
                Rewards rewards = Rewards.of(prompt);
                OrderStatistics statistics = new OrderStatistics(rewards.ascending());
                List<Row> points = new ArrayList<>();
                for (int n : steps(rewards.count())) {
                    points.add(RowFactory.create(
                            prompt.getAs("temperature"), n, statistics.max(n), statistics.median(n), rewards.mean()));
                }
                return points;
            });
        }
    }
}
