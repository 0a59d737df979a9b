package org.hone.spark.evaluation;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;

/**
 * The part of the page below the accuracies: calibration, gate, agreement, distribution.
 *
 * @param report the report
 * @param named a model's name as HTML
 * @param series the colour of a model
 */
record EvaluationCharts(EvaluationReport report, UnaryOperator<String> named, ToIntFunction<String> series) {
    void add(StringBuilder out, String set) {
        calibration(out, set);
        gate(out, set);
        agreement(out, set);
        distribution(out, set);
    }

    private void calibration(StringBuilder out, String set) {
        out.append("<h3>Calibration</h3><p><small>How often a model is right (with its interval) where it is how sure;"
                + " larger discs hold more pairs, the grey tick is the longer response. On the line it is right as often"
                + " as it says.</small></p><div class=charts>\n");
        for (String model : report.models()) {
            List<CalibrationBin> bins = report.calibration().stream()
                    .filter(bin -> bin.set().equals(set) && bin.model().equals(model))
                    .toList();
            figure(out, model, Plots.calibration(bins, series.applyAsInt(model)));
        }
        out.append("</div>\n");
    }

    private void figure(StringBuilder out, String model, String chart) {
        out.append("<figure><figcaption>")
                .append(named.apply(model))
                .append("</figcaption>")
                .append(chart)
                .append("</figure>\n");
    }

    private void gate(StringBuilder out, String set) {
        out.append("<h3>Safety gate: σ(reward) &lt; ")
                .append(GateFigures.RECIPE)
                .append(" counts as unsafe</h3>\n");
        Optional<Figure> unsafe = report.overall(set, report.models().get(0), GateFigures.UNSAFE);
        if (unsafe.isEmpty()) {
            out.append("<p>No comparison of this set says which of its responses are safe.</p>\n");
            return;
        }
        out.append(String.format(
                Locale.ROOT,
                "<p><small>%,d responses with a known label, %.1f %% of them unsafe. Baselines flag as many responses as"
                        + " the model: the longest, the shortest, any; majority gives all responses the more frequent"
                        + " label.</small></p>%n",
                unsafe.get().n(),
                100 * unsafe.get().value()));
        out.append("<div class=scroll><table><tr><th>Flagged by</th><th class=num>Flagged</th>"
                + "<th class=num>Precision</th><th class=num>Recall</th><th class=num>Right label</th></tr>\n");
        for (String model : report.models()) {
            gateRows(out, set, model);
        }
        out.append("</table></div><div class=charts>\n");
        for (String model : report.models()) {
            figure(
                    out,
                    model + ": precision (thick), recall (thin)",
                    model,
                    Plots.gate(
                            report.figures(set, model, GateFigures.PRECISION, GateFigures.THRESHOLD),
                            report.figures(set, model, GateFigures.RECALL, GateFigures.THRESHOLD),
                            series.applyAsInt(model)));
        }
        out.append("</div>\n");
    }

    private void figure(StringBuilder out, String caption, String model, String chart) {
        out.append("<figure><figcaption><b class=k")
                .append(series.applyAsInt(model))
                .append(">●</b> ")
                .append(EvaluationPage.escaped(caption))
                .append("</figcaption>")
                .append(chart)
                .append("</figure>\n");
    }

    private void gateRows(StringBuilder out, String set, String model) {
        out.append("<tr><th>").append(named.apply(model)).append("</th>");
        for (String name : columns()) {
            EvaluationPage.cell(out, at(set, model, name).map(EvaluationPage::share));
        }
        out.append("</tr>\n");
        for (String baseline : List.of(Baselines.LONGER, Baselines.SHORTER, Baselines.CHANCE, Baselines.MAJORITY)) {
            out.append("<tr class=base><th><b class=kb>┃</b> ").append(baseline).append("</th>");
            for (String name : columns()) {
                EvaluationPage.cell(
                        out,
                        at(set, model, name)
                                .flatMap(figure -> report.beside(figure, baseline))
                                .map(EvaluationPage::share));
            }
            out.append("</tr>\n");
        }
    }

    private static List<String> columns() {
        return List.of(GateFigures.FLAGGED, GateFigures.PRECISION, GateFigures.RECALL, GateFigures.GATE_ACCURACY);
    }

    private Optional<Figure> at(String set, String model, String name) {
        return report.figures(set, model, name, GateFigures.THRESHOLD).stream()
                .filter(figure -> figure.group().equals(GateFigures.RECIPE))
                .findFirst();
    }

    private void agreement(StringBuilder out, String set) {
        for (String couple : report.couples()) {
            out.append("<h3>Agreement: ").append(EvaluationPage.escaped(couple)).append("</h3>\n");
            out.append("<div class=scroll><table><tr><th>Pairs</th><th class=num>Same decision</th>"
                    + "<th class=num>By chance</th><th class=num>Correlation of margins</th></tr>\n");
            for (Dimension dimension : Dimension.values()) {
                List<Figure> correlations = report.figures(set, couple, AgreementFigures.CORRELATION, dimension.key());
                for (Figure same : report.figures(set, couple, AgreementFigures.SAME_DECISION, dimension.key())) {
                    out.append(dimension == Dimension.ALL ? "<tr><th>" : "<tr><th class=sub>")
                            .append(EvaluationPage.escaped(same.group().replace('_', ' ')))
                            .append("<small>")
                            .append(EvaluationPage.escaped(dimension.title().toLowerCase(Locale.ROOT)))
                            .append(String.format(Locale.ROOT, ", %,d pairs</small></th>", same.n()));
                    EvaluationPage.cell(out, Optional.of(EvaluationPage.share(same)));
                    EvaluationPage.cell(
                            out, report.beside(same, Baselines.CHANCE).map(EvaluationPage::share));
                    EvaluationPage.cell(
                            out,
                            correlations.stream()
                                    .filter(figure -> figure.group().equals(same.group()))
                                    .findFirst()
                                    .map(EvaluationPage::number));
                    out.append("</tr>\n");
                }
            }
            out.append("</table></div>\n");
        }
    }

    private void distribution(StringBuilder out, String set) {
        out.append("<h3>Distribution of rewards</h3><p class=legend><small><span><b class=kc>■</b> chosen</span>"
                + "<span><b class=kr>■</b> rejected</span> between the 0.5 % and the 99.5 % quantile; what is beyond is"
                + " in the outermost bars.</small></p><div class=charts>\n");
        for (String model : report.models()) {
            figure(out, model, Plots.histogram(bins(set, model, "chosen"), bins(set, model, "rejected")));
        }
        out.append("</div><details><summary>Means and quantiles (logits)</summary><div class=scroll><table>");
        for (String model : report.models()) {
            for (String part : DistributionFigures.PARTS) {
                out.append("<tr><th>")
                        .append(named.apply(model))
                        .append("<small>")
                        .append(part)
                        .append("</small></th>");
                report.figures().stream()
                        .filter(figure -> figure.set().equals(set)
                                && figure.model().equals(model)
                                && figure.dimension().equals(DistributionFigures.PART)
                                && figure.group().equals(part))
                        .forEach(figure -> EvaluationPage.cell(
                                out,
                                Optional.of(String.format(
                                        Locale.ROOT, "%.3g<small>%s</small>", figure.value(), figure.name()))));
                out.append("</tr>\n");
            }
        }
        out.append("</table></div></details>\n");
    }

    private List<HistogramBin> bins(String set, String model, String part) {
        return report.histograms().stream()
                .filter(bin -> bin.set().equals(set)
                        && bin.model().equals(model)
                        && bin.part().equals(part))
                .toList();
    }
}
