package org.hone.spark.curation;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import org.hone.data.curation.RemovalRule;
import org.hone.spark.recipe.HeldOutRecipe;

/**
 * Holds comparisons out. Conversations (rows that share the first user turn as it reads) stand in an order by a hash;
 * the first of them, up to the wished fraction, are held out, and of every week of our own data rows in that order until
 * the weekly number is reached. So the number a week is exact, and conversations are taken whole but for the last one
 * of a week, whose other rows are removed from training, as are all rows of other tables that share the first user turn.
 *
 * <p>Prompts that are near-duplicates without reading the same may stand on both sides; removal of near-duplicates by
 * prompt (curation.near-duplicates.prompts), which goes first, leaves no such.
 *
 * @param recipe how many
 * @param seed the run's seed
 */
record HoldOut(HeldOutRecipe recipe, long seed) {
    private static final String HELD_OUT = "held_out";
    private static final double TWO_TO_MINUS_53 = 0x1.0p-53;

    /** The facts of comparisons with a column {@code held_out}. */
    Dataset<Row> choose(Dataset<Row> pairs) {
        Dataset<Row> weekly = weekly(pairs.filter(Verdicts.LEFT));
        Dataset<Row> joined = pairs.join(weekly, Facts.KEY, "left");
        Column held = Verdicts.LEFT.and(
                place().lt(recipe.fraction()).or(functions.col("weekly").isNotNull()));
        return joined.withColumn(HELD_OUT, functions.coalesce(held, functions.lit(false)))
                .drop("weekly");
    }

    /** The conversations of the held-out rows, each once. */
    static Dataset<Row> conversations(Dataset<Row> chosen) {
        return chosen.filter(functions.col(HELD_OUT))
                .select(functions.col("conversation"))
                .distinct()
                .withColumn("known", functions.lit(true));
    }

    /** Removes what shares its first user turn with a held-out row and is not held out itself. */
    static Dataset<Row> separate(Dataset<Row> facts, Dataset<Row> conversations) {
        Column known = functions.col("known").and(functions.not(functions.col(HELD_OUT)));
        return Verdicts.mark(
                        facts.join(conversations, "conversation", "left"),
                        known,
                        RemovalRule.HELD_OUT_PROMPT,
                        functions.lit("a held-out comparison begins with the same user turn"))
                .drop("known");
    }

    private Dataset<Row> weekly(Dataset<Row> left) {
        Dataset<Row> own = left.filter("own and week is not null");
        Column most = functions.least(
                functions.lit((long) recipe.weekly()),
                functions
                        .floor(functions.col("count").multiply(recipe.mostOfWeek()))
                        .cast("long"));
        Dataset<Row> weeks = own.groupBy("week").count().select(functions.col("week"), most.as("most"));
        return own.select(
                        functions.col(Facts.KEY),
                        functions.col("week"),
                        functions
                                .row_number()
                                .over(Window.partitionBy("week")
                                        .orderBy(place(), functions.col("conversation"), functions.col("id")))
                                .as("place"))
                .filter(functions.col("place").leq(recipe.weekly()))
                .join(weeks, "week")
                .filter("place <= most")
                .select(functions.col(Facts.KEY), functions.lit(true).as("weekly"));
    }

    /** A conversation's place in the order, from 0 to 1. */
    private Column place() {
        Column hash =
                functions.xxhash64(functions.lit(seed), functions.lit("held-out split"), functions.col("conversation"));
        return functions.shiftrightunsigned(hash, 11).cast("double").multiply(TWO_TO_MINUS_53);
    }
}
