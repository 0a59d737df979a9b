package org.hone.spark.evaluation;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Whether a model is right as often as it is sure. σ(margin) is its probability that the chosen response is the better one,
 * so its confidence in what it decides is σ(|margin|), between 0.5 and 1.
 */
final class CalibrationFigures {
    /** Expected calibration error, Σ_b n_b/n · |accuracy_b − confidence_b| (arXiv 1706.04599, equation 3). */
    static final String ECE = "ece";
    /** Mean of −log σ(margin), in nats: the ranking loss without a margin. */
    static final String LOG_LOSS = "log_loss";
    /** Mean of (1 − σ(margin))². */
    static final String BRIER = "brier";

    /** Bins of equal width over [0.5, 1]. */
    static final int BINS = 10;

    private static final double WIDTH = 0.5 / BINS;
    private static final String CONFIDENCE = "1 / (1 + exp(-abs(margin)))";

    private CalibrationFigures() {}

    static List<CalibrationBin> bins(JudgedPairs pairs) {
        List<CalibrationBin> bins = new ArrayList<>();
        List<Row> rows = pairs.rows()
                .withColumn("confidence", functions.expr(CONFIDENCE))
                .withColumn(
                        "bin",
                        functions.expr("least(cast(floor((confidence - 0.5D) * " + 2 * BINS + ") as int), " + (BINS - 1)
                                + ")"))
                .groupBy("model", "bin")
                .agg(
                        functions.count("*").as("n"),
                        Moments.exactSum("confidence", "confidence"),
                        functions.expr("sum(halves)").as("right"),
                        functions.expr("sum(longer_halves)").as("longer"))
                .orderBy("bin")
                .collectAsList();
        for (String model : pairs.models()) {
            for (Row row : rows) {
                if (row.<String>getAs("model").equals(model)) {
                    bins.add(bin(pairs.set(), model, row));
                }
            }
        }
        return bins;
    }

    private static CalibrationBin bin(String set, String model, Row row) {
        int bin = row.<Integer>getAs("bin");
        long n = row.<Long>getAs("n");
        double right = row.<Long>getAs("right") / 2.0;
        return new CalibrationBin(
                set,
                model,
                0.5 + bin * WIDTH,
                0.5 + (bin + 1) * WIDTH,
                n,
                Moments.mean(row.<BigDecimal>getAs("confidence"), n),
                right / n,
                Interval.wilson(right, n),
                row.<Long>getAs("longer") / 2.0 / n);
    }

    static List<Figure> of(JudgedPairs pairs, List<CalibrationBin> bins) {
        List<Figure> figures = new ArrayList<>();
        List<Row> rows = pairs.rows()
                .groupBy("model")
                .agg(
                        functions.count("*").as("n"),
                        // −log σ(m) without overflow: log(1 + exp(−|m|)) + max(−m, 0)
                        Moments.exactSum("log1p(exp(-abs(margin))) + greatest(-margin, 0D)", "loss"),
                        Moments.exactSum("pow(1 / (1 + exp(margin)), 2)", "brier"))
                .collectAsList();
        for (String model : pairs.models()) {
            for (Row row : rows) {
                if (row.<String>getAs("model").equals(model)) {
                    long n = row.<Long>getAs("n");
                    Figure.Place place = Figure.Place.all(pairs.set(), model);
                    figures.add(Figure.of(place, ECE, null, n, ece(pairs.set(), model, bins), null));
                    figures.add(Figure.of(place, ECE, Baselines.CHANCE, n, 0, null));
                    add(figures, place, LOG_LOSS, row.getAs("loss"), n, Math.log(2));
                    add(figures, place, BRIER, row.getAs("brier"), n, 0.25);
                }
            }
        }
        return figures;
    }

    private static void add(
            List<Figure> figures, Figure.Place place, String name, BigDecimal sum, long n, double chance) {
        figures.add(Figure.of(place, name, null, n, Moments.mean(sum, n), null));
        figures.add(Figure.of(place, name, Baselines.CHANCE, n, chance, null));
    }

    static double ece(String set, String model, List<CalibrationBin> bins) {
        double error = 0;
        long all = 0;
        for (CalibrationBin bin : bins) {
            if (bin.set().equals(set) && bin.model().equals(model)) {
                error += bin.n() * Math.abs(bin.accuracy() - bin.confidence());
                all += bin.n();
            }
        }
        return error / all;
    }
}
