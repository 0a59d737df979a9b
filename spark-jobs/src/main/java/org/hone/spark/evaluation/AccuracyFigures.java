package org.hone.spark.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** How often the chosen response has the higher reward; an exact tie counts half, for the baselines too. */
final class AccuracyFigures {
    static final String ACCURACY = "accuracy";

    private AccuracyFigures() {}

    static List<Figure> of(JudgedPairs pairs) {
        List<Figure> figures = new ArrayList<>();
        Dataset<Row> counts = JudgedPairs.grouped(pairs.rows())
                .groupBy("model", "dimension", "grp")
                .agg(
                        functions.count("*").as("n"),
                        functions.expr("sum(halves)").as("right"),
                        functions.expr("sum(longer_halves)").as("longer"),
                        functions.expr("min(measure)").as("least"),
                        functions.expr("max(measure)").as("most"));
        for (Row row : ordered(counts.collectAsList(), pairs.models())) {
            Figure.Place place =
                    new Figure.Place(pairs.set(), row.getAs("model"), row.getAs("dimension"), JudgedPairs.label(row));
            long n = row.<Long>getAs("n");
            double longer = row.<Long>getAs("longer") / 2.0;
            figures.add(Figure.share(place, ACCURACY, null, row.<Long>getAs("right") / 2.0, n));
            figures.add(Figure.share(place, ACCURACY, Baselines.LONGER, longer, n));
            figures.add(Figure.share(place, ACCURACY, Baselines.SHORTER, n - longer, n));
            figures.add(Figure.of(place, ACCURACY, Baselines.CHANCE, n, 0.5, null));
        }
        return figures;
    }

    /** Models as they were given, dimensions as they are listed, groups in their own order. */
    static List<Row> ordered(List<Row> rows, List<String> models) {
        List<Row> ordered = new ArrayList<>(rows);
        ordered.sort(Comparator.<Row>comparingInt(row -> models.indexOf(row.<String>getAs("model")))
                .thenComparing(AccuracyFigures::dimension)
                .thenComparing((one, other) -> dimension(one).order().compare(one.getAs("grp"), other.getAs("grp"))));
        return ordered;
    }

    private static Dimension dimension(Row row) {
        for (Dimension dimension : Dimension.values()) {
            if (dimension.key().equals(row.getAs("dimension"))) {
                return dimension;
            }
        }
        throw new IllegalStateException("no dimension is called " + row.getAs("dimension"));
    }
}
