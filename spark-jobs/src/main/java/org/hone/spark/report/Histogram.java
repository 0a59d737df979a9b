package org.hone.spark.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** How values of several series are spread, in bins of equal width that all of them share. */
final class Histogram {
    private static final int BINS = 40;
    /** What lies further out stands in the first or the last bin. */
    private static final String ENDS = "percentile_approx(value, array(0.001D, 0.999D), 10000)";

    private Histogram() {}

    /** Rows of {@code series} and {@code value}, as {@link #of} wants them. */
    static Dataset<Row> values(Dataset<Row> rows, Column series, String column) {
        return rows.select(
                series.as("series"), functions.col(column).cast("double").as("value"));
    }

    /**
     * Counts.
     *
     * @param values rows as {@link #values} makes them; few series
     * @return where the bins lie, and of every series its mean and the count in each bin; nothing if there are no values
     */
    static ObjectNode of(Dataset<Row> values) {
        ObjectNode histogram = Json.object();
        Row ends = values.agg(functions.expr(ENDS)).first();
        if (ends.isNullAt(0)) {
            return histogram;
        }
        List<Double> found = ends.getList(0);
        double low = found.get(0);
        double high = found.get(1);
        if (high <= low) {
            low -= 1;
            high += 1;
        }
        double width = (high - low) / BINS;
        histogram.set("low", Json.number(low));
        histogram.set("width", Json.number(width));
        Map<String, ArrayNode> counts = new HashMap<>();
        ArrayNode series = histogram.putArray("series");
        for (Row row : values.groupBy("series")
                .agg(functions.count("*"), functions.avg("value"))
                .orderBy("series")
                .collectAsList()) {
            ObjectNode one = series.addObject().put("name", row.getString(0)).put("n", row.getLong(1));
            one.set("mean", Json.number(row.getDouble(2)));
            ArrayNode zeros = one.putArray("counts");
            for (int bin = 0; bin < BINS; bin++) {
                zeros.add(0);
            }
            counts.put(row.getString(0), zeros);
        }
        Column bin = functions.floor(functions.col("value").minus(low).divide(width));
        for (Row row : values.groupBy(
                        functions.col("series"),
                        functions
                                .greatest(functions.lit(0), functions.least(functions.lit(BINS - 1), bin))
                                .cast("int"))
                .count()
                .collectAsList()) {
            ArrayNode of = counts.get(row.getString(0));
            if (of != null) {
                of.set(row.getInt(1), LongNode.valueOf(row.getLong(2)));
            }
        }
        return histogram;
    }
}
