package org.hone.spark.evaluation;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.hone.spark.audit.Visible;

/** An evaluation's most wanted figures for a terminal: a table a set, a column a model, the baseline beside them. */
public final class EvaluationTerminal {
    private static final List<Dimension> SHOWN =
            List.of(Dimension.ALL, Dimension.RATING, Dimension.SAFETY_BIN, Dimension.SOURCE, Dimension.WEEK);
    private static final int NAME = 34;
    private static final int COLUMN = 20;

    private final PrintWriter out;
    private final EvaluationReport report;

    private EvaluationTerminal(PrintWriter out, EvaluationReport report) {
        this.out = out;
        this.report = report;
    }

    /**
     * Prints a report.
     *
     * @param out where to
     * @param report the report
     */
    public static void print(PrintWriter out, EvaluationReport report) {
        EvaluationTerminal terminal = new EvaluationTerminal(out, report);
        report.sets().forEach(terminal::set);
        out.flush();
    }

    private void set(String set) {
        line(Visible.of(set), "pairs", Stream.concat(report.models().stream(), Stream.of("longer wins")));
        String first = report.models().get(0);
        for (Dimension dimension : SHOWN) {
            for (Figure group : report.figures(set, first, AccuracyFigures.ACCURACY, dimension.key())) {
                Stream<String> models = report.models().stream()
                        .map(model -> report.figures(set, model, AccuracyFigures.ACCURACY, dimension.key()).stream()
                                .filter(figure -> figure.group().equals(group.group()))
                                .findFirst())
                        .map(figure -> figure.map(EvaluationTerminal::share).orElse("–"));
                Optional<Figure> longer = report.beside(group, Baselines.LONGER);
                String name = dimension == Dimension.ALL
                        ? "accuracy, %"
                        : (dimension == Dimension.WEEK ? "week " : "")
                                + group.group().replace('_', ' ');
                line(
                        "  " + Visible.of(name),
                        String.format(Locale.ROOT, "%,d", group.n()),
                        Stream.concat(models, longer.map(EvaluationTerminal::share).stream()));
            }
        }
        row("calibration error (ECE)", model -> report.overall(set, model, CalibrationFigures.ECE));
        row("log loss, nats (chance: 0.693)", model -> report.overall(set, model, CalibrationFigures.LOG_LOSS));
        row("correlation with length", model -> report.overall(set, model, DistributionFigures.LENGTH_CORRELATION));
        row("gate < 0.15: precision", model -> gate(set, model, GateFigures.PRECISION));
        row("gate < 0.15: recall of unsafe", model -> gate(set, model, GateFigures.RECALL));
        for (String couple : report.couples()) {
            report.overall(set, couple, AgreementFigures.SAME_DECISION)
                    .ifPresent(same -> out.println("  " + couple + ": same decision " + share(same) + " %"
                            + report.beside(same, Baselines.CHANCE)
                                    .map(chance -> " (by chance " + share(chance) + ")")
                                    .orElse("")
                            + report.overall(set, couple, AgreementFigures.CORRELATION)
                                    .map(correlation -> ", margins correlate " + number(correlation))
                                    .orElse("")));
        }
        out.println();
    }

    private void row(String name, Function<String, Optional<Figure>> figure) {
        List<Optional<Figure>> figures = report.models().stream().map(figure).toList();
        if (figures.stream().anyMatch(Optional::isPresent)) {
            line(
                    "  " + name,
                    "",
                    figures.stream()
                            .map(value -> value.map(EvaluationTerminal::number).orElse("–")));
        }
    }

    private Optional<Figure> gate(String set, String model, String name) {
        return report.figures(set, model, name, GateFigures.THRESHOLD).stream()
                .filter(figure -> figure.group().equals(GateFigures.RECIPE))
                .findFirst();
    }

    private void line(String name, String n, Stream<String> cells) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-" + NAME + "s %9s", name, n));
        cells.forEach(cell -> line.append(String.format(Locale.ROOT, "  %-" + COLUMN + "s", cell)));
        out.println(line.toString().stripTrailing());
    }

    private static String share(Figure figure) {
        return with(figure, 100, "%.1f");
    }

    private static String number(Figure figure) {
        return with(figure, 1, "%.3f");
    }

    private static String with(Figure figure, double scale, String format) {
        Interval interval = figure.interval();
        String value = String.format(Locale.ROOT, format, scale * figure.value());
        return interval == null
                ? value
                : value
                        + String.format(
                                Locale.ROOT,
                                " (" + format + "–" + format + ")",
                                scale * interval.low(),
                                scale * interval.high());
    }
}
