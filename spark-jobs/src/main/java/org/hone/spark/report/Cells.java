package org.hone.spark.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.commons.text.StringEscapeUtils;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.NumericType;
import org.hone.spark.audit.Visible;
import org.jspecify.annotations.Nullable;

/**
 * What a notebook's cell shows of rows: a table as HTML, a chart as SVG. Both stand alone, without scripts or style sheets, and
 * text of the run is escaped in them.
 */
public final class Cells {
    private static final int MOST_ROWS = 100;

    private static final String STYLE =
            "style=\"text-align:%s;vertical-align:top;white-space:pre-wrap;max-width:32em;padding:.2em .7em\"";

    private Cells() {}

    /**
     * Rows as a table, at most {@value #MOST_ROWS}. What the first column repeats from the row above is left out.
     *
     * @param rows the rows, in the order in which they are shown
     * @return HTML
     */
    public static String table(Dataset<Row> rows) {
        StringBuilder html = new StringBuilder("<table>\n<thead><tr>");
        for (String column : rows.columns()) {
            html.append("<th ")
                    .append(STYLE.formatted("left"))
                    .append('>')
                    .append(escaped(column))
                    .append("</th>");
        }
        html.append("</tr></thead>\n<tbody>\n");
        List<Row> found = rows.limit(MOST_ROWS + 1).collectAsList();
        Object above = null;
        for (Row row : found.subList(0, Math.min(MOST_ROWS, found.size()))) {
            html.append("<tr>");
            for (int i = 0; i < row.size(); i++) {
                boolean repeats = i == 0 && Objects.equals(row.get(0), above);
                html.append("<td ")
                        .append(STYLE.formatted(
                                row.schema().fields()[i].dataType() instanceof NumericType ? "right" : "left"))
                        .append('>')
                        .append(repeats ? "" : escaped(shown(row.get(i))))
                        .append("</td>");
            }
            above = row.get(0);
            html.append("</tr>\n");
        }
        html.append("</tbody>\n</table>\n");
        if (found.isEmpty()) {
            html.append("<p>no rows</p>\n");
        } else if (found.size() > MOST_ROWS) {
            html.append("<p>the first ").append(MOST_ROWS).append(" rows</p>\n");
        }
        return html.toString();
    }

    /**
     * Lines through points.
     *
     * @param rows a row a point
     * @param across a column of numbers: where the point stands
     * @param up a column of numbers: how high; a row without one is no point
     * @param series what tells lines apart, as text
     * @return SVG
     */
    public static String lines(Dataset<Row> rows, String across, String up, Column series) {
        Map<String, List<LineChart.Point>> lines = new TreeMap<>();
        for (Row row : rows.select(
                        series.as("series"),
                        functions.col(across).cast("double"),
                        functions.col(up).cast("double"))
                .na()
                .drop()
                .collectAsList()) {
            lines.computeIfAbsent(row.getString(0), name -> new ArrayList<>())
                    .add(new LineChart.Point(row.getDouble(1), row.getDouble(2)));
        }
        lines.values().forEach(points -> points.sort(Comparator.comparingDouble(LineChart.Point::x)));
        return new LineChart(across, up, lines).svg();
    }

    /**
     * How values are spread: of every series, which share of its rows lies in each of as many bins as all have in common.
     *
     * @param rows a row a value
     * @param value a column of numbers
     * @param series what tells lines apart, as text
     * @return SVG
     */
    public static String spread(Dataset<Row> rows, String value, Column series) {
        ObjectNode histogram = Histogram.of(Histogram.values(rows, series, value));
        double low = histogram.path("low").asDouble();
        double width = histogram.path("width").asDouble();
        Map<String, List<LineChart.Point>> lines = new LinkedHashMap<>();
        for (JsonNode one : histogram.path("series")) {
            List<LineChart.Point> points = new ArrayList<>();
            for (JsonNode count : one.path("counts")) {
                points.add(new LineChart.Point(
                        low + width * (points.size() + 0.5),
                        count.asDouble() / one.path("n").asDouble()));
            }
            lines.put(one.path("name").asText() + " (" + one.path("n").asText() + ")", points);
        }
        return new LineChart(value, "share of rows", lines).svg();
    }

    /** Text for HTML and SVG, with what cannot be seen spelt out. */
    static String escaped(String text) {
        return StringEscapeUtils.escapeXml11(Visible.of(text));
    }

    private static String shown(@Nullable Object value) {
        if (value == null) {
            return "–";
        }
        if (value instanceof Double number) {
            return String.format(Locale.ROOT, "%.3f", number);
        }
        return value instanceof Long number ? String.format(Locale.ROOT, "%,d", number) : value.toString();
    }
}
