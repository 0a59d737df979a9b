package org.hone.spark.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Lines as an SVG image of its own, for a notebook; the pages have charts of their own, which need the pages' styles or scripts.
 *
 * @param across what the horizontal axis is
 * @param up what the vertical axis is
 * @param series the points of each line, from left to right, by the line's name
 */
record LineChart(String across, String up, Map<String, List<Point>> series) {
    /** The report's colours on a light page. */
    private static final String[] COLOURS = {"#1f5fa8", "#c2570c", "#14702f", "#7a3aa0", "#8a6d00", "#a3265c"};

    private static final int WIDTH = 720;
    private static final int LEFT = 60;
    private static final int RIGHT = WIDTH - 20;
    private static final int PLOT = 230;
    private static final int LEGEND_LINE = 18;
    /** More points than this stand so close that their marks would hide the line. */
    private static final int MOST_MARKS = 32;

    /**
     * A point.
     *
     * @param x where it stands
     * @param y how high
     */
    record Point(double x, double y) {}

    /** Values of an axis, and what they are in the image. */
    private record Axis(double low, double high, boolean whole, double from, double to) {
        static Axis of(List<Point> points, ToDoubleFunction<Point> value, double from, double to) {
            double low = points.stream().mapToDouble(value).min().orElse(0);
            double high = points.stream().mapToDouble(value).max().orElse(1);
            double margin = high > low ? 0 : 0.5;
            boolean whole = points.stream().mapToDouble(value).allMatch(number -> number == Math.rint(number));
            return new Axis(low - margin, high + margin, whole, from, to);
        }

        double place(double value) {
            return from + (to - from) * (value - low) / (high - low);
        }

        /** Some five round numbers; whole ones where all values are. */
        List<Double> ticks() {
            double rough = (high - low) / 5;
            double power = Math.pow(10, Math.floor(Math.log10(rough)));
            double step =
                    rough / power > 5 ? 10 * power : rough / power > 2 ? 5 * power : rough > power ? 2 * power : power;
            step = whole ? Math.max(1, step) : step;
            List<Double> ticks = new ArrayList<>();
            for (double i = Math.ceil(low / step); i * step <= high; i++) {
                ticks.add(i * step);
            }
            return ticks;
        }
    }

    String svg() {
        int top = 12 + LEGEND_LINE * series.size();
        int bottom = top + PLOT;
        List<Point> all = series.values().stream().flatMap(List::stream).toList();
        Axis x = Axis.of(all, Point::x, LEFT, RIGHT);
        Axis y = Axis.of(all, Point::y, bottom, top);
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %1$d %2$d\""
                        + " font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"%1$d\" height=\"%2$d\" fill=\"#ffffff\"/>\n",
                WIDTH,
                bottom + 44));
        if (all.isEmpty()) {
            text(svg, (LEFT + RIGHT) / 2.0, (top + bottom) / 2.0, "middle", "nothing to show");
            return svg.append("</svg>\n").toString();
        }
        for (double tick : x.ticks()) {
            text(svg, x.place(tick), bottom + 16, "middle", number(tick));
        }
        for (double tick : y.ticks()) {
            svg.append(String.format(
                    Locale.ROOT, "<path d=\"M%d %.1fH%d\" stroke=\"#d5dae0\"/>\n", LEFT, y.place(tick), RIGHT));
            text(svg, LEFT - 6, y.place(tick) + 4, "end", number(tick));
        }
        text(svg, (LEFT + RIGHT) / 2.0, bottom + 36, "middle", across);
        text(svg, 6, 16, "start", up);
        int line = 0;
        for (Map.Entry<String, List<Point>> one : series.entrySet()) {
            draw(svg, one.getKey(), one.getValue(), line++, x, y);
        }
        return svg.append("</svg>\n").toString();
    }

    private static void draw(StringBuilder svg, String name, List<Point> points, int line, Axis x, Axis y) {
        String colour = COLOURS[line % COLOURS.length];
        int legend = 12 + LEGEND_LINE * line;
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"14\" height=\"4\" fill=\"%s\"/>\n",
                420,
                legend - 2,
                colour));
        text(svg, 440, legend + 4, "start", name);
        svg.append("<polyline fill=\"none\" stroke-width=\"2\" stroke=\"")
                .append(colour)
                .append("\" points=\"");
        for (Point point : points) {
            svg.append(String.format(Locale.ROOT, "%.1f,%.1f ", x.place(point.x()), y.place(point.y())));
        }
        svg.setLength(svg.length() - 1);
        svg.append("\"/>\n");
        if (points.size() <= MOST_MARKS) {
            for (Point point : points) {
                svg.append(String.format(
                        Locale.ROOT,
                        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"><title>%s, %s</title></circle>\n",
                        x.place(point.x()),
                        y.place(point.y()),
                        colour,
                        number(point.x()),
                        number(point.y())));
            }
        }
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"#1b1f24\">%s</text>\n",
                x,
                y,
                anchor,
                Cells.escaped(text)));
    }

    /** Four digits without a tail of zeros. */
    private static String number(double value) {
        return new BigDecimal(value)
                .round(new MathContext(4))
                .stripTrailingZeros()
                .toPlainString();
    }
}
