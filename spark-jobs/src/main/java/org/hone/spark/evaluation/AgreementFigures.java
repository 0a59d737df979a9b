package org.hone.spark.evaluation;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * How far two reward models think alike: the share of comparisons that they decide alike (if one of them is undecided, that
 * counts half), and the correlation of their margins. Beside the share stands what two models of the same accuracies, whose
 * mistakes have nothing to do with each other, would reach.
 */
final class AgreementFigures {
    static final String SAME_DECISION = "same_decision";
    static final String CORRELATION = "margin_correlation";

    private AgreementFigures() {}

    static List<Figure> of(JudgedPairs pairs) {
        List<Figure> figures = new ArrayList<>();
        for (int i = 0; i < pairs.models().size(); i++) {
            for (int j = i + 1; j < pairs.models().size(); j++) {
                figures.addAll(of(pairs, pairs.models().get(i), pairs.models().get(j)));
            }
        }
        return figures;
    }

    private static List<Figure> of(JudgedPairs pairs, String one, String other) {
        Dataset<Row> joined = pairs.rows()
                .filter(functions.col("model").equalTo(one))
                .selectExpr("id", "groups", "margin as x", "halves as right_x")
                .join(
                        pairs.rows()
                                .filter(functions.col("model").equalTo(other))
                                .selectExpr("id", "margin as y", "halves as right_y"),
                        "id");
        String name = one + " / " + other;
        List<Row> rows = JudgedPairs.grouped(joined)
                .groupBy("dimension", "grp")
                .agg(
                        functions.count("*").as("n"),
                        functions
                                .expr("sum(case when x = 0 or y = 0 then 1 when (x > 0) = (y > 0) then 2 else 0 end)")
                                .as("same"),
                        functions.expr("sum(right_x)").as("right_x"),
                        functions.expr("sum(right_y)").as("right_y"),
                        functions.expr("min(measure)").as("least"),
                        functions.expr("max(measure)").as("most"),
                        Moments.exactSum("x", "x"),
                        Moments.exactSum("x * x", "xx"),
                        Moments.exactSum("y", "y"),
                        Moments.exactSum("y * y", "yy"),
                        Moments.exactSum("x * y", "xy"))
                .withColumn("model", functions.lit(name))
                .collectAsList();
        List<Figure> figures = new ArrayList<>();
        for (Row row : AccuracyFigures.ordered(rows, List.of(name))) {
            Figure.Place place = new Figure.Place(pairs.set(), name, row.getAs("dimension"), JudgedPairs.label(row));
            long n = row.<Long>getAs("n");
            double p = row.<Long>getAs("right_x") / (2.0 * n);
            double q = row.<Long>getAs("right_y") / (2.0 * n);
            figures.add(Figure.share(place, SAME_DECISION, null, row.<Long>getAs("same") / 2.0, n));
            figures.add(Figure.of(place, SAME_DECISION, Baselines.CHANCE, n, p * q + (1 - p) * (1 - q), null));
            double correlation =
                    Moments.correlation(moments(row, n, "x"), moments(row, n, "y"), row.<BigDecimal>getAs("xy"));
            if (!Double.isNaN(correlation)) {
                figures.add(correlation(place, CORRELATION, correlation, n));
                figures.add(Figure.of(place, CORRELATION, Baselines.CHANCE, n, 0, null));
            }
        }
        return figures;
    }

    static Figure correlation(Figure.Place place, String name, double correlation, long n) {
        Interval interval = n > 3 && Math.abs(correlation) < 1 ? Interval.fisher(correlation, n) : null;
        return Figure.of(place, name, null, n, correlation, interval);
    }

    /** Sums {@code x} and {@code xx} of a row. */
    static Moments moments(Row row, long n, String name) {
        return new Moments(n, row.getAs(name), row.getAs(name + name));
    }
}
