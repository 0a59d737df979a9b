package org.hone.spark.pool;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The rewards of one prompt's samples.
 *
 * @param ascending smallest first; at least one
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one row
record Rewards(double[] ascending) {
    private static final String COLUMN = "rewards";

    /** Rows with {@code reward} → a row for each value of the keys, which {@link #of} reads; the same however they are spread. */
    static Dataset<Row> by(Dataset<Row> scored, Column... keys) {
        return scored.groupBy(keys)
                .agg(functions.sort_array(functions.collect_list("reward")).as(COLUMN));
    }

    static Rewards of(Row grouped) {
        return new Rewards(grouped.<Double>getList(grouped.fieldIndex(COLUMN)).stream()
                .mapToDouble(Double::doubleValue)
                .toArray());
    }

    int count() {
        return ascending.length;
    }

    double best() {
        return ascending[ascending.length - 1];
    }

    double mean() {
        double sum = 0;
        for (double reward : ascending) {
            sum += reward;
        }
        return sum / ascending.length;
    }

    /** Σ of squared distances from the mean. */
    double squares() {
        double mean = mean();
        double squares = 0;
        for (double reward : ascending) {
            squares += (reward - mean) * (reward - mean);
        }
        return squares;
    }
}
