package org.hone.spark.evaluation;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Comparisons of which a model is about equally sure.
 *
 * @param set the set of comparisons
 * @param model the reward model
 * @param lower least confidence of the bin
 * @param upper what the confidence stays below; the last bin holds 1
 * @param n comparisons, at least 1
 * @param confidence mean of σ(|margin|)
 * @param accuracy share of right decisions, ties half
 * @param interval of the accuracy, Wilson's
 * @param longer what choosing the longer response reaches on these comparisons
 */
public record CalibrationBin(
        String set,
        String model,
        double lower,
        double upper,
        long n,
        double confidence,
        double accuracy,
        Interval interval,
        double longer) {
    /** The columns of the table of bins. */
    public static final StructType SCHEMA = new StructType()
            .add("set", DataTypes.StringType, false)
            .add("model", DataTypes.StringType, false)
            .add("lower", DataTypes.DoubleType, false)
            .add("upper", DataTypes.DoubleType, false)
            .add("n", DataTypes.LongType, false)
            .add("confidence", DataTypes.DoubleType, false)
            .add("accuracy", DataTypes.DoubleType, false)
            .add("low", DataTypes.DoubleType, false)
            .add("high", DataTypes.DoubleType, false)
            .add("longer", DataTypes.DoubleType, false);

    Row row() {
        return RowFactory.create(
                set, model, lower, upper, n, confidence, accuracy, interval.low(), interval.high(), longer);
    }
}
