package org.hone.spark.evaluation;

import java.math.BigDecimal;
import java.math.MathContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/**
 * Mean and deviation of values. They are summed as decimals, so that the order in which partitions are added up does not show
 * in the last digits, and small differences of large sums keep theirs.
 *
 * @param count how many values
 * @param sum of the values
 * @param squares sum of their squares
 */
record Moments(long count, BigDecimal sum, BigDecimal squares) {
    /** Room for a billion squares of the largest reward that is allowed, and 18 digits after the point. */
    private static final String DECIMAL = "decimal(38, 18)";

    /** The exact sum of an expression, as SQL. */
    static Column exactSum(String expression, String name) {
        return functions
                .expr("sum(cast(" + expression + " as " + DECIMAL + "))")
                .as(name);
    }

    double mean() {
        return mean(sum, count);
    }

    static double mean(BigDecimal sum, long count) {
        return sum.divide(BigDecimal.valueOf(count), MathContext.DECIMAL64).doubleValue();
    }

    /** n Σx² − (Σx)², n² times the variance. */
    private BigDecimal spread() {
        return squares.multiply(BigDecimal.valueOf(count)).subtract(sum.pow(2));
    }

    /** Standard deviation with n − 1; 0 for a single value. */
    double deviation() {
        return count < 2 ? 0 : Math.sqrt(Math.max(0, spread().doubleValue()) / ((double) count * (count - 1)));
    }

    /**
     * Pearson's correlation of two values of each observation.
     *
     * @param first moments of one
     * @param second moments of the other
     * @param products sum of the products of both
     * @return r; not a number if one of them is always the same
     */
    static double correlation(Moments first, Moments second, BigDecimal products) {
        BigDecimal common = products.multiply(BigDecimal.valueOf(first.count)).subtract(first.sum.multiply(second.sum));
        double scale = Math.sqrt(Math.max(0, first.spread().doubleValue()))
                * Math.sqrt(Math.max(0, second.spread().doubleValue()));
        return scale == 0 ? Double.NaN : Math.max(-1, Math.min(1, common.doubleValue() / scale));
    }
}
