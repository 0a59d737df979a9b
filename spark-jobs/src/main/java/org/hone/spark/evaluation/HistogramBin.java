package org.hone.spark.evaluation;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Rewards in a range.
 *
 * @param set the set of comparisons
 * @param model the reward model
 * @param part chosen, rejected or margin
 * @param lower the range's lower end, in logits; the first bin holds all that is below it too
 * @param upper its upper end, in logits; the last bin holds all that is above it too
 * @param n how many
 */
public record HistogramBin(String set, String model, String part, double lower, double upper, long n) {
    /** The columns of the table of bins. */
    public static final StructType SCHEMA = new StructType()
            .add("set", DataTypes.StringType, false)
            .add("model", DataTypes.StringType, false)
            .add("part", DataTypes.StringType, false)
            .add("lower", DataTypes.DoubleType, false)
            .add("upper", DataTypes.DoubleType, false)
            .add("n", DataTypes.LongType, false);

    Row row() {
        return RowFactory.create(set, model, part, lower, upper, n);
    }
}
