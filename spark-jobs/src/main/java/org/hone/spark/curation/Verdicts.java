package org.hone.spark.curation;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.functions;
import org.hone.data.curation.RemovalRule;

/** Writes rules into the columns {@code rule} and {@code detail} of facts; a row that has a rule keeps it. */
final class Verdicts {
    /** Whether a row is still there. */
    static final Column LEFT = functions.col("rule").isNull();

    /**
     * Which of several like rows is kept, first the one that is: by the order of the sources in the recipe, then the
     * longest, then of the earliest week, then by id.
     */
    static final Column[] BEST_FIRST = {
        functions.col("preference"),
        functions.col("characters").desc(),
        functions.col("week").asc_nulls_last(),
        functions.col("id")
    };

    private static final String RANK = "rank_among_like";
    private static final String BEST = "best_among_like";

    private Verdicts() {}

    /** Removes the rows that a condition holds for. */
    static Dataset<Row> mark(Dataset<Row> facts, Column condition, RemovalRule rule, Column detail) {
        Column now = LEFT.and(functions.coalesce(condition, functions.lit(false)));
        return facts.withColumn("detail", functions.when(now, detail).otherwise(functions.col("detail")))
                .withColumn(
                        "rule", functions.when(now, functions.lit(rule.text())).otherwise(functions.col("rule")));
    }

    /** Removes rows by key; the found rows have the columns {@code key} and {@code found}, each key once. */
    static Dataset<Row> markKeys(Dataset<Row> facts, Dataset<Row> found, RemovalRule rule, String prefix) {
        Dataset<Row> joined = facts.join(found.select(Facts.KEY, "found"), Facts.KEY, "left");
        Column detail = functions.concat(functions.lit(prefix), functions.col("found"));
        return mark(joined, functions.col("found").isNotNull(), rule, detail).drop("found");
    }

    /** Of rows with one id, and of the rare two whose ids have one key, keeps the one of the earliest week. */
    static Dataset<Row> duplicateIds(Dataset<Row> facts) {
        WindowSpec like = Window.partitionBy(Facts.KEY)
                .orderBy(
                        LEFT.desc(),
                        functions.col("week").asc_nulls_last(),
                        functions.col("id"),
                        functions.col(Facts.FINGERPRINT));
        return allButFirst(facts, like, RemovalRule.DUPLICATE_ID);
    }

    /** Of rows that read the same keeps the best. */
    static Dataset<Row> exactDuplicates(Dataset<Row> facts) {
        Column[] order = new Column[BEST_FIRST.length + 1];
        order[0] = LEFT.desc();
        System.arraycopy(BEST_FIRST, 0, order, 1, BEST_FIRST.length);
        WindowSpec like =
                Window.partitionBy(Facts.TABLE, "exact_high", "exact_low").orderBy(order);
        return allButFirst(facts, like, RemovalRule.EXACT_DUPLICATE);
    }

    /** Removes comparisons that stand in the table both ways. */
    static Dataset<Row> contradictions(Dataset<Row> facts) {
        WindowSpec like = Window.partitionBy(Facts.TABLE, "either_high", "either_low");
        Column exact = functions.when(LEFT, functions.col("exact_high"));
        Dataset<Row> ways = facts.withColumn("one_way", functions.min(exact).over(like))
                .withColumn("other_way", functions.max(exact).over(like));
        Column first = functions.col("exact_high").equalTo(functions.col("one_way"));
        Column firstId = functions
                .min(functions.when(LEFT.and(first), functions.col("id")))
                .over(like);
        Column otherId = functions
                .min(functions.when(LEFT.and(functions.not(first)), functions.col("id")))
                .over(like);
        Dataset<Row> named = ways.withColumn("first_id", firstId).withColumn("other_id", otherId);
        Column against = functions.when(first, functions.col("other_id")).otherwise(functions.col("first_id"));
        Column both = functions.col("one_way").notEqual(functions.col("other_way"));
        return mark(named, both, RemovalRule.CONTRADICTION, against)
                .drop("one_way", "other_way", "first_id", "other_id");
    }

    private static Dataset<Row> allButFirst(Dataset<Row> facts, WindowSpec like, RemovalRule rule) {
        Dataset<Row> ranked = facts.withColumn(RANK, functions.row_number().over(like))
                .withColumn(BEST, functions.first("id").over(like));
        return mark(ranked, functions.col(RANK).gt(1), rule, functions.col(BEST))
                .drop(RANK, BEST);
    }
}
