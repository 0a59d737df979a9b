package org.hone.spark.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** How values of several series are spread, in bins of equal width that the series of a part share. */
final class Histogram {
    private static final int BINS = 40;
    /** What lies further out stands in the first or the last bin. */
    private static final String ENDS = "percentile_approx(value, array(0.001D, 0.999D), 10000) as ends";

    private final Parts.Answer ends;
    private final Parts.Answer counts;

    private Histogram(Parts.Answer ends, Parts.Answer counts) {
        this.ends = ends;
        this.counts = counts;
    }

    /** Rows of {@code series} and {@code value}, as {@link #of} wants them; those without a value are left out. */
    static Dataset<Row> values(Dataset<Row> rows, Column series, String column) {
        return rows.select(
                        series.as("series"),
                        functions.col(column).cast("double").as("value"))
                .filter("value is not null");
    }

    /**
     * Counts.
     *
     * @param values parts of rows as {@link #values} makes them; few series
     * @return a histogram a part
     */
    static Histogram of(Parts values) {
        Parts.Answer ends = values.ask(rows -> rows.groupBy(Parts.PART).agg(functions.expr(ENDS)));
        Parts.Answer counts = values.map((part, rows) -> binned(rows, ends.of(part)))
                .ask(rows -> rows.groupBy(Parts.PART, "series", "bin")
                        .agg(
                                functions.count("*").as("n"),
                                functions.sum("value").as("sum")));
        return new Histogram(ends, counts);
    }

    /** The same of rows that are a part of their own. */
    static ObjectNode of(Dataset<Row> values) {
        Parts one = new Parts();
        one.add("", values);
        return of(one).json("");
    }

    private static Dataset<Row> binned(Dataset<Row> rows, List<Row> ends) {
        if (ends.isEmpty()) {
            return rows.withColumn("bin", functions.lit(0));
        }
        Bins bins = Bins.between(ends.get(0));
        Column bin = functions.floor(functions.col("value").minus(bins.low()).divide(bins.width()));
        return rows.withColumn(
                "bin",
                functions
                        .greatest(functions.lit(0), functions.least(functions.lit(BINS - 1), bin))
                        .cast("int"));
    }

    /**
     * A part's histogram.
     *
     * @param part the part
     * @return where the bins lie, and of every series its mean and the count in each bin; nothing if there are no values
     */
    ObjectNode json(String part) {
        ObjectNode histogram = Json.object();
        List<Row> found = ends.of(part);
        if (found.isEmpty()) {
            return histogram;
        }
        Bins bins = Bins.between(found.get(0));
        histogram.set("low", Json.number(bins.low()));
        histogram.set("width", Json.number(bins.width()));
        Map<String, List<Row>> series = new TreeMap<>();
        for (Row row : counts.of(part)) {
            series.computeIfAbsent(row.getAs("series"), name -> new ArrayList<>())
                    .add(row);
        }
        ArrayNode all = histogram.putArray("series");
        series.forEach((name, rows) -> put(all.addObject().put("name", name), rows));
        return histogram;
    }

    private static void put(ObjectNode series, List<Row> bins) {
        ArrayNode counts = Json.array();
        for (int bin = 0; bin < BINS; bin++) {
            counts.add(0);
        }
        long n = 0;
        double sum = 0;
        for (Row bin : bins) {
            long in = bin.<Long>getAs("n");
            counts.set(bin.<Integer>getAs("bin"), LongNode.valueOf(in));
            n += in;
            sum += bin.<Double>getAs("sum");
        }
        series.put("n", n);
        series.set("mean", Json.number(sum / n));
        series.set("counts", counts);
    }

    /** Where the bins lie. */
    private record Bins(double low, double width) {
        static Bins between(Row row) {
            List<Double> ends = row.getList(row.fieldIndex("ends"));
            double low = ends.get(0);
            double high = ends.get(1);
            return high > low ? new Bins(low, (high - low) / BINS) : new Bins(low - 1, (high - low + 2) / BINS);
        }
    }
}
