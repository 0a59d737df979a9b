package org.hone.spark.evaluation;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** How the rewards of chosen and rejected responses, and their margins, are spread; and how much a margin owes to length. */
final class DistributionFigures {
    static final String MEAN = "mean";
    static final String DEVIATION = "deviation";
    static final String QUANTILE = "quantile";
    /** Pearson's correlation of margin and difference in characters. */
    static final String LENGTH_CORRELATION = "length_correlation";
    /** What a reward is of; the dimension of the figures and the parts of the histograms. */
    static final List<String> PARTS = List.of("chosen", "rejected", "margin");

    /** What these figures are grouped by: the group is a part. */
    static final String PART = "reward";

    private static final int BINS = 40;
    /** Per cent; the outermost bound the histogram. */
    private static final List<Double> QUANTILES = List.of(0.5, 5.0, 25.0, 50.0, 75.0, 95.0, 99.5);

    private DistributionFigures() {}

    static List<Figure> lengthCorrelations(JudgedPairs pairs) {
        List<Figure> figures = new ArrayList<>();
        for (Row row : pairs.rows()
                .groupBy("model")
                .agg(
                        functions.count("*").as("n"),
                        Moments.exactSum("margin", "x"),
                        Moments.exactSum("margin * margin", "xx"),
                        Moments.exactSum("length_difference", "y"),
                        Moments.exactSum("cast(length_difference as double) * length_difference", "yy"),
                        Moments.exactSum("margin * length_difference", "xy"))
                .collectAsList()) {
            long n = row.<Long>getAs("n");
            double correlation = Moments.correlation(
                    AgreementFigures.moments(row, n, "x"),
                    AgreementFigures.moments(row, n, "y"),
                    row.<BigDecimal>getAs("xy"));
            if (!Double.isNaN(correlation)) {
                Figure.Place place = Figure.Place.all(pairs.set(), row.getAs("model"));
                figures.add(AgreementFigures.correlation(place, LENGTH_CORRELATION, correlation, n));
                figures.add(Figure.of(place, LENGTH_CORRELATION, Baselines.CHANCE, n, 0, null));
            }
        }
        figures.sort(Comparator.comparingInt(figure -> pairs.models().indexOf(figure.model())));
        return figures;
    }

    static void add(JudgedPairs pairs, List<Figure> figures, List<HistogramBin> histograms) {
        for (String model : pairs.models()) {
            Dataset<Row> rewards = pairs.rows()
                    .filter(functions.col("model").equalTo(model))
                    .withColumn(
                            "r",
                            functions.expr("explode(array(struct('chosen' as part, chosen_reward as value),"
                                    + " struct('rejected' as part, rejected_reward as value),"
                                    + " struct('margin' as part, margin as value)))"))
                    .selectExpr("r.part as part", "r.value as value");
            Map<String, Moments> moments = moments(rewards);
            for (String part : PARTS) {
                Moments of = Objects.requireNonNull(moments.get(part));
                Dataset<Row> values = rewards.filter(functions.col("part").equalTo(part));
                List<Double> quantiles = quantiles(values, of);
                figures.addAll(figures(pairs.set(), model, part, of, quantiles));
                histograms.addAll(histogram(
                        new HistogramBin(
                                pairs.set(), model, part, quantiles.get(0), quantiles.get(quantiles.size() - 1), 0),
                        values));
            }
        }
    }

    private static Map<String, Moments> moments(Dataset<Row> rewards) {
        Map<String, Moments> moments = new LinkedHashMap<>();
        for (Row row : rewards.groupBy("part")
                .agg(
                        functions.count("*").as("n"),
                        Moments.exactSum("value", "x"),
                        Moments.exactSum("value * value", "xx"))
                .collectAsList()) {
            moments.put(row.getAs("part"), AgreementFigures.moments(row, row.<Long>getAs("n"), "x"));
        }
        return moments;
    }

    /**
     * Exact quantiles of the values rounded to a thousandth of their deviation or less: so few distinct ones are left that any
     * number of comparisons fits into memory.
     */
    private static List<Double> quantiles(Dataset<Row> values, Moments moments) {
        double deviation = moments.deviation();
        double step = deviation > 0 ? StrictMath.pow(10, Math.floor(StrictMath.log10(deviation)) - 3) : 1e-6;
        String probabilities = String.join(
                ", ", QUANTILES.stream().map(percent -> percent / 100 + "D").toList());
        List<Double> steps = values.selectExpr(
                        "percentile(cast(round(value / " + step + "D) as bigint), array(" + probabilities + "))")
                .first()
                .getList(0);
        return steps.stream().map(count -> count * step).toList();
    }

    private static List<Figure> figures(
            String set, String model, String part, Moments moments, List<Double> quantiles) {
        List<Figure> figures = new ArrayList<>();
        Figure.Place place = new Figure.Place(set, model, PART, part);
        double half = 1.959963984540054 * moments.deviation() / Math.sqrt((double) moments.count());
        Interval interval = moments.count() < 2 ? null : new Interval(moments.mean() - half, moments.mean() + half);
        figures.add(Figure.of(place, MEAN, null, moments.count(), moments.mean(), interval));
        figures.add(Figure.of(place, DEVIATION, null, moments.count(), moments.deviation(), null));
        for (int i = 0; i < quantiles.size(); i++) {
            String name = String.format(Locale.ROOT, "%s %.1f %%", QUANTILE, QUANTILES.get(i));
            figures.add(Figure.of(place, name, null, moments.count(), quantiles.get(i), null));
        }
        return figures;
    }

    /** Bins of equal width over the given range; a range without width is widened. */
    private static List<HistogramBin> histogram(HistogramBin range, Dataset<Row> values) {
        double lower = range.lower();
        double width = (range.upper() > lower ? range.upper() - lower : 1e-6) / BINS;
        long[] counts = new long[BINS];
        values.selectExpr("cast(least(greatest(floor((value - " + lower + "D) / " + width + "D), 0), " + (BINS - 1)
                        + ") as int) as bin")
                .groupBy("bin")
                .count()
                .collectAsList()
                .forEach((Row row) -> counts[row.getInt(0)] = row.getLong(1));
        List<HistogramBin> bins = new ArrayList<>();
        for (int bin = 0; bin < BINS; bin++) {
            bins.add(new HistogramBin(
                    range.set(),
                    range.model(),
                    range.part(),
                    lower + bin * width,
                    lower + (bin + 1) * width,
                    counts[bin]));
        }
        return bins;
    }
}
