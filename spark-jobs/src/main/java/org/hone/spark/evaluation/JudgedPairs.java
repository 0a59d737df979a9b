package org.hone.spark.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The rewards of one set by all models, with what figures are made of.
 *
 * @param set the set's name
 * @param models the models' names
 * @param rows {@link RewardTable} with the name of each model, the margin, and the groups of each comparison
 */
record JudgedPairs(String set, List<String> models, Dataset<Row> rows) {
    private static final String DECILES = "array(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)";

    static JudgedPairs of(String set, List<String> models, Dataset<Row> rewards) {
        Dataset<Row> measured = rewards.withColumn("margin", functions.expr("chosen_reward - rejected_reward"))
                .withColumn("length", functions.expr("chosen_characters + rejected_characters"))
                .withColumn("length_difference", functions.expr("chosen_characters - rejected_characters"));
        Row bounds = measured.filter(functions.col("model").equalTo(models.get(0)))
                .selectExpr("percentile(length, " + DECILES + ")", "percentile(length_difference, " + DECILES + ")")
                .first();
        String groups = Arrays.stream(Dimension.values()).map(Dimension::sql).collect(Collectors.joining(", "));
        Dataset<Row> rows = measured.withColumn("length_decile", functions.expr(decile(bounds.getList(0), "length")))
                .withColumn("difference_decile", functions.expr(decile(bounds.getList(1), "length_difference")))
                .withColumn("halves", functions.expr(halves("margin")))
                .withColumn("longer_halves", functions.expr(halves("length_difference")))
                .withColumn("groups", functions.expr("filter(array(" + groups + "), g -> g.grp is not null)"));
        return new JudgedPairs(set, models, rows);
    }

    /** A row for each group that a comparison is in. */
    static Dataset<Row> grouped(Dataset<Row> rows) {
        return rows.withColumn("g", functions.explode(functions.col("groups")))
                .withColumn("dimension", functions.col("g.dimension"))
                .withColumn("grp", functions.col("g.grp"))
                .withColumn("measure", functions.col("g.measure"));
    }

    /** Right counts two, a tie one. */
    private static String halves(String difference) {
        return "case when " + difference + " > 0 then 2 when " + difference + " < 0 then 0 else 1 end";
    }

    /** Equal values are in one decile, the lower where they are many. */
    private static String decile(List<Double> bounds, String column) {
        String array = bounds.stream().map(bound -> bound + "D").collect(Collectors.joining(", "));
        return "1 + size(filter(array(" + array + "), b -> b < " + column + "))";
    }

    /** A group's name; of a decile, with what it spans. */
    static String label(Row row) {
        String group = row.getAs("grp");
        Long least = row.getAs("least");
        return least == null ? group : group + ": " + least + " to " + row.<Long>getAs("most");
    }
}
