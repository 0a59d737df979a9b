package org.hone.spark.evaluation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.text.StringEscapeUtils;
import org.apache.commons.text.StringSubstitutor;
import org.hone.spark.audit.Visible;

/** An evaluation as one HTML file that opens from disk: no script, nothing fetched, every text escaped. */
final class EvaluationPage {
    /** Colours that the page has for models. */
    private static final int COLOURS = 4;

    private final EvaluationReport report;

    private EvaluationPage(EvaluationReport report) {
        this.report = report;
    }

    static String html(EvaluationReport report) {
        EvaluationPage page = new EvaluationPage(report);
        StringBuilder sets = new StringBuilder();
        report.sets().forEach(set -> page.set(sets, set));
        StringSubstitutor text =
                new StringSubstitutor(Map.of("legend", page.legend(), "sets", sets.toString()), "{{", "}}");
        text.setDisableSubstitutionInValues(true);
        return text.replace(template());
    }

    private static String template() {
        try (var in = EvaluationPage.class.getResourceAsStream("evaluation.html")) {
            if (in == null) {
                throw new IllegalStateException("evaluation.html is not in the jar; build it again");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("evaluation.html cannot be read from the jar", e);
        }
    }

    private String legend() {
        StringBuilder legend = new StringBuilder();
        for (String model : report.models()) {
            legend.append("<span>").append(named(model)).append("</span>");
        }
        return legend.toString();
    }

    private int series(String model) {
        return Math.max(0, report.models().indexOf(model)) % COLOURS;
    }

    private String named(String model) {
        return "<b class=k" + series(model) + ">●</b> " + escaped(model);
    }

    private void set(StringBuilder out, String set) {
        long pairs = report.overall(set, report.models().get(0), AccuracyFigures.ACCURACY)
                .map(Figure::n)
                .orElse(0L);
        out.append("<section><h2>").append(escaped(set)).append(" <small>");
        out.append(String.format(Locale.ROOT, "%,d pairs</small></h2>%n", pairs));
        summary(out, set);
        for (Dimension dimension : Dimension.values()) {
            if (dimension != Dimension.ALL) {
                accuracy(out, set, dimension);
            }
        }
        new EvaluationCharts(report, this::named, this::series).add(out, set);
        out.append("</section>\n");
    }

    private void summary(StringBuilder out, String set) {
        out.append("<div class=scroll><table><tr><th>Model</th><th class=num>Accuracy</th><th class=num>ECE</th>"
                + "<th class=num>Log loss</th><th class=num>Brier</th><th class=num>Length correlation</th></tr>\n");
        for (String model : report.models()) {
            out.append("<tr><th>").append(named(model)).append("</th>");
            cell(out, report.overall(set, model, AccuracyFigures.ACCURACY).map(EvaluationPage::share));
            cell(out, report.overall(set, model, CalibrationFigures.ECE).map(EvaluationPage::number));
            cell(out, report.overall(set, model, CalibrationFigures.LOG_LOSS).map(EvaluationPage::number));
            cell(out, report.overall(set, model, CalibrationFigures.BRIER).map(EvaluationPage::number));
            cell(
                    out,
                    report.overall(set, model, DistributionFigures.LENGTH_CORRELATION)
                            .map(EvaluationPage::number));
            out.append("</tr>\n");
        }
        report.overall(set, report.models().get(0), AccuracyFigures.ACCURACY).ifPresent((Figure accuracy) -> {
            baseline(out, "Longer response", report.beside(accuracy, Baselines.LONGER), "<td>–</td>".repeat(4));
            baseline(out, "Shorter response", report.beside(accuracy, Baselines.SHORTER), "<td>–</td>".repeat(4));
            baseline(
                    out,
                    "Chance, majority",
                    report.beside(accuracy, Baselines.CHANCE),
                    "<td>0.000</td><td>0.693</td><td>0.250</td><td>0.000</td>");
        });
        out.append("</table></div>\n");
    }

    private static void baseline(StringBuilder out, String name, Optional<Figure> figure, String rest) {
        out.append("<tr class=base><th><b class=kb>┃</b> ").append(name).append("</th>");
        cell(out, figure.map(EvaluationPage::share));
        out.append(rest).append("</tr>\n");
    }

    private void accuracy(StringBuilder out, String set, Dimension dimension) {
        List<Figure> first = report.figures(set, report.models().get(0), AccuracyFigures.ACCURACY, dimension.key());
        out.append("<h3>").append(escaped(dimension.title())).append("</h3>\n");
        if (first.isEmpty()) {
            out.append("<p>No comparison of this set says this.</p>\n");
            return;
        }
        out.append("<table class=accuracy>\n");
        for (Figure group : first) {
            List<Plots.Dot> dots = new ArrayList<>();
            StringBuilder values = new StringBuilder();
            for (String model : report.models()) {
                report.figures(set, model, AccuracyFigures.ACCURACY, dimension.key()).stream()
                        .filter(figure -> figure.group().equals(group.group()))
                        .forEach((Figure figure) -> {
                            dots.add(new Plots.Dot(series(model), figure));
                            values.append("<div><b class=k")
                                    .append(series(model))
                                    .append(">●</b> ");
                            values.append(share(figure)).append("</div>");
                        });
            }
            Figure longer = report.beside(group, Baselines.LONGER).orElse(null);
            if (longer != null) {
                values.append("<div class=base><b class=kb>┃</b> ")
                        .append(share(longer))
                        .append("</div>");
            }
            out.append("<tr><th>").append(escaped(group.group().replace('_', ' ')));
            out.append(String.format(Locale.ROOT, "<small>%,d pairs</small></th><td class=plot>", group.n()));
            out.append(Plots.dots(dots, longer))
                    .append("</td><td>")
                    .append(values)
                    .append("</td></tr>\n");
        }
        out.append("</table>\n");
    }

    static void cell(StringBuilder out, Optional<String> text) {
        out.append("<td>").append(text.orElse("–")).append("</td>");
    }

    /** A share in per cent with its interval. */
    static String share(Figure figure) {
        Interval interval = figure.interval();
        String value = String.format(Locale.ROOT, "%.1f %%", 100 * figure.value());
        return interval == null
                ? value
                : value
                        + String.format(
                                Locale.ROOT,
                                " <small>%.1f – %.1f</small>",
                                100 * interval.low(),
                                100 * interval.high());
    }

    static String number(Figure figure) {
        Interval interval = figure.interval();
        String value = String.format(Locale.ROOT, "%.3f", figure.value());
        return interval == null
                ? value
                : value + String.format(Locale.ROOT, " <small>%.3f – %.3f</small>", interval.low(), interval.high());
    }

    static String escaped(String text) {
        return StringEscapeUtils.escapeHtml4(Visible.of(text)).replace("'", "&#39;");
    }
}
