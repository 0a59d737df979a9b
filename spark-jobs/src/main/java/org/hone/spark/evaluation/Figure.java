package org.hone.spark.evaluation;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * One number of an evaluation.
 *
 * @param set the set of comparisons
 * @param model the reward model, or two of them as {@code a / b}
 * @param name what is measured
 * @param baseline null: what the model reaches; else what stands in its place, see {@link Baselines}
 * @param dimension what the comparisons are grouped by
 * @param group which of them
 * @param n observations
 * @param value the number
 * @param interval its 95 % interval, null where none is known
 */
public record Figure(
        String set,
        String model,
        String name,
        @Nullable String baseline,
        String dimension,
        String group,
        long n,
        double value,
        @Nullable Interval interval) {
    /** The columns of the table of figures. */
    public static final StructType SCHEMA = new StructType()
            .add("set", DataTypes.StringType, false)
            .add("model", DataTypes.StringType, false)
            .add("figure", DataTypes.StringType, false)
            .add("baseline", DataTypes.StringType, true)
            .add("dimension", DataTypes.StringType, false)
            .add("group", DataTypes.StringType, false)
            .add("n", DataTypes.LongType, false)
            .add("value", DataTypes.DoubleType, false)
            .add("low", DataTypes.DoubleType, true)
            .add("high", DataTypes.DoubleType, true);

    /** A share with Wilson's interval. */
    static Figure share(Place place, String name, @Nullable String baseline, double successes, long n) {
        return of(place, name, baseline, n, successes / n, Interval.wilson(successes, n));
    }

    static Figure of(
            Place place, String name, @Nullable String baseline, long n, double value, @Nullable Interval interval) {
        return new Figure(place.set, place.model, name, baseline, place.dimension, place.group, n, value, interval);
    }

    /**
     * Whom and what a figure is about.
     *
     * @param set the set
     * @param model the model
     * @param dimension what is grouped by
     * @param group which group
     */
    record Place(String set, String model, String dimension, String group) {
        static Place all(String set, String model) {
            return new Place(set, model, Dimension.ALL.key(), Dimension.ALL.key());
        }
    }

    Row row() {
        return RowFactory.create(
                set,
                model,
                name,
                baseline,
                dimension,
                group,
                n,
                value,
                interval == null ? null : interval.low(),
                interval == null ? null : interval.high());
    }
}
