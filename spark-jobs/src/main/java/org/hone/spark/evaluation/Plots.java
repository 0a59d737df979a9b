package org.hone.spark.evaluation;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Charts as inline SVG. Places are per cent of the chart, so it is as wide as there is room and its letters keep their size; all
 * colours are the page's, by class.
 */
final class Plots {
    private static final double LEFT = 9;
    private static final double RIGHT = 97;
    private static final double TOP = 5;
    private static final double BOTTOM = 86;

    private Plots() {}

    /**
     * A value with its interval on a row of a table.
     *
     * @param series which colour
     * @param figure the value
     */
    record Dot(int series, Figure figure) {}

    /** Shares on one line from 0 to 1; the middle and a baseline are ticks. */
    static String dots(List<Dot> dots, @Nullable Figure baseline) {
        int height = 10 + 12 * dots.size();
        StringBuilder svg = new StringBuilder("<svg class=dots height=" + height + " aria-hidden=true>");
        line(svg, "axis", 50, 0, 50, 100);
        if (baseline != null) {
            line(svg, "base", 100 * baseline.value(), 4, 100 * baseline.value(), 96);
        }
        for (int i = 0; i < dots.size(); i++) {
            Figure figure = dots.get(i).figure();
            double y = 100.0 * (11 + 12 * i) / height;
            String series = "s" + dots.get(i).series();
            Interval interval = figure.interval();
            if (interval != null) {
                line(svg, series, 100 * interval.low(), y, 100 * interval.high(), y);
            }
            circle(svg, series, 100 * figure.value(), y, 4);
        }
        return svg.append("</svg>").toString();
    }

    /** Accuracy over confidence, with intervals; on the diagonal a model is right as often as it is sure. */
    static String calibration(List<CalibrationBin> bins, int series) {
        StringBuilder svg = chart("confidence 0.5 to 1 →", "accuracy", "0.5", "1", "0", "1");
        line(svg, "axis", x(0), y(0.5), x(1), y(1));
        long most = bins.stream().mapToLong(CalibrationBin::n).max().orElse(1);
        for (CalibrationBin bin : bins) {
            double at = x(2 * (bin.confidence() - 0.5));
            line(
                    svg,
                    "s" + series,
                    at,
                    y(bin.interval().low()),
                    at,
                    y(bin.interval().high()));
            circle(svg, "s" + series, at, y(bin.accuracy()), 3 + 5 * Math.sqrt((double) bin.n() / most));
            line(svg, "base", at - 1.2, y(bin.longer()), at + 1.2, y(bin.longer()));
        }
        return svg.append("</svg>").toString();
    }

    /** How often rewards of chosen and rejected responses fall where; both areas are equal. */
    static String histogram(List<HistogramBin> chosen, List<HistogramBin> rejected) {
        double least = Math.min(chosen.get(0).lower(), rejected.get(0).lower());
        double most = Math.max(
                chosen.get(chosen.size() - 1).upper(),
                rejected.get(rejected.size() - 1).upper());
        double highest = Math.max(highest(chosen), highest(rejected));
        StringBuilder svg = chart("reward (logits) →", "", number(least), number(most), "", "");
        bars(svg, "chosen", chosen, least, most, highest);
        bars(svg, "rejected", rejected, least, most, highest);
        if (least < 0 && most > 0) {
            line(svg, "axis", x(-least / (most - least)), TOP, x(-least / (most - least)), BOTTOM);
        }
        return svg.append("</svg>").toString();
    }

    private static void bars(
            StringBuilder svg, String style, List<HistogramBin> bins, double least, double most, double highest) {
        for (HistogramBin bin : bins) {
            if (bin.n() > 0) {
                double left = x((bin.lower() - least) / (most - least));
                double right = x((bin.upper() - least) / (most - least));
                double top = y(density(bin) / highest);
                svg.append(String.format(
                        Locale.ROOT,
                        "<rect class=%s x=\"%.2f%%\" y=\"%.2f%%\" width=\"%.2f%%\" height=\"%.2f%%\"/>",
                        style,
                        left,
                        top,
                        right - left,
                        BOTTOM - top));
            }
        }
    }

    private static double highest(List<HistogramBin> bins) {
        return bins.stream().mapToDouble(Plots::density).max().orElse(1);
    }

    private static double density(HistogramBin bin) {
        return bin.n() / (bin.upper() - bin.lower());
    }

    /** Precision and recall over the threshold; the recipe's threshold is a tick. */
    static String gate(List<Figure> precision, List<Figure> recall, int series) {
        StringBuilder svg = chart("threshold of σ(reward) →", "", "0", "1", "0", "1");
        double recipe = x(Double.parseDouble(GateFigures.RECIPE));
        line(svg, "axis", recipe, TOP, recipe, BOTTOM);
        curve(svg, "s" + series, precision);
        curve(svg, "s" + series + " thin", recall);
        return svg.append("</svg>").toString();
    }

    private static void curve(StringBuilder svg, String style, List<Figure> figures) {
        for (int i = 1; i < figures.size(); i++) {
            Figure from = figures.get(i - 1);
            Figure to = figures.get(i);
            line(
                    svg,
                    style,
                    x(Double.parseDouble(from.group())),
                    y(from.value()),
                    x(Double.parseDouble(to.group())),
                    y(to.value()));
        }
    }

    private static StringBuilder chart(String across, String up, String left, String right, String bottom, String top) {
        StringBuilder svg = new StringBuilder("<svg class=chart height=220 role=img>");
        line(svg, "frame", LEFT, BOTTOM, RIGHT, BOTTOM);
        line(svg, "frame", LEFT, TOP, LEFT, BOTTOM);
        text(svg, LEFT, 95, "start", left);
        text(svg, RIGHT, 95, "end", right);
        text(svg, (LEFT + RIGHT) / 2, 95, "middle", across);
        text(svg, LEFT - 1.5, BOTTOM, "end", bottom);
        text(svg, LEFT - 1.5, TOP + 5, "end", top);
        text(svg, LEFT + 1.5, TOP + 3, "start", up);
        return svg;
    }

    private static double x(double share) {
        return LEFT + (RIGHT - LEFT) * share;
    }

    private static double y(double share) {
        return BOTTOM - (BOTTOM - TOP) * share;
    }

    private static void line(StringBuilder svg, String style, double x1, double y1, double x2, double y2) {
        svg.append(String.format(
                Locale.ROOT,
                "<line class=\"%s\" x1=\"%.2f%%\" y1=\"%.2f%%\" x2=\"%.2f%%\" y2=\"%.2f%%\"/>",
                style,
                x1,
                y1,
                x2,
                y2));
    }

    private static void circle(StringBuilder svg, String style, double x, double y, double radius) {
        svg.append(String.format(
                Locale.ROOT, "<circle class=%s cx=\"%.2f%%\" cy=\"%.2f%%\" r=\"%.1f\"/>", style, x, y, radius));
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
        if (!text.isEmpty()) {
            svg.append(String.format(
                    Locale.ROOT, "<text x=\"%.2f%%\" y=\"%.2f%%\" text-anchor=%s>%s</text>", x, y, anchor, text));
        }
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3g", value);
    }
}
