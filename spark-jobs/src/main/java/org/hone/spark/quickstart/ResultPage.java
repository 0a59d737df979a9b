package org.hone.spark.quickstart;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.text.StringEscapeUtils;
import org.apache.commons.text.StringSubstitutor;
import org.apache.spark.sql.Row;
import org.hone.data.curation.SourceRole.Axis;
import org.hone.spark.run.StageReport;
import org.hone.spark.run.Storage;
import org.hone.spark.stage.EvaluateRewardModelStage;
import org.hone.spark.stage.StageContext;

/** The quickstart's result as one HTML file that opens from disk. */
final class ResultPage {
    static final String NAME = "result.html";

    private static final int SAMPLES = 12;

    private ResultPage() {}

    static void write(StageContext context, Map<String, StageReport> reports, int through) throws IOException {
        String template;
        try (var in = ResultPage.class.getResourceAsStream("result.html")) {
            if (in == null) {
                throw new IllegalStateException("result.html is not in the jar; build it again");
            }
            template = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
        Map<String, String> values = Map.of(
                "verdict", html(String.join("\n", verdict(reports))),
                "bars", bars(reports),
                "models", models(reports),
                "stages", stages(reports),
                "samples", samples(context, through));
        String page = new StringSubstitutor(values, "{{", "}}").replace(template);
        Storage storage = context.folder().storage();
        String path = context.path(NAME);
        // a run that is done is left as it is, to the file's date
        if (!storage.exists(path) || !storage.readText(path).equals(page)) {
            storage.writeText(path, page);
        }
    }

    /** A sentence a round: whether the gold reward rose, with its interval; and one for all rounds. */
    static List<String> verdict(Map<String, StageReport> reports) {
        List<String> lines = new ArrayList<>();
        Map<String, StageReport> rounds = ofStage(reports, GoldStage.NAME);
        StageReport last = null;
        for (Map.Entry<String, StageReport> round : rounds.entrySet()) {
            last = round.getValue();
            lines.add(round.getKey().toUpperCase(Locale.ROOT) + ": gold reward "
                    + change(last, "gold_gain")
                    + String.format(
                            Locale.ROOT,
                            ", %.3f to %.3f %s",
                            last.number("gold_before"),
                            last.number("gold_after"),
                            interval(last, "gold_gain")));
        }
        if (last != null && rounds.size() > 1) {
            lines.add("Since supervised fine-tuning it " + change(last, "gold_gain_since_sft") + " "
                    + interval(last, "gold_gain_since_sft")
                    + String.format(Locale.ROOT, ", on %.0f held-out prompts.", last.number("prompts")));
        }
        return lines;
    }

    private static String change(StageReport gold, String gain) {
        double value = gold.number(gain);
        double half = gold.number(gain + "_95_half_width");
        return value - half > 0 ? "rose" : value + half < 0 ? "fell" : "did not change clearly";
    }

    private static String interval(StageReport gold, String gain) {
        return String.format(
                Locale.ROOT, "(%+.3f ± %.3f at 95 %%)", gold.number(gain), gold.number(gain + "_95_half_width"));
    }

    /** The reports of one stage, by round. */
    private static Map<String, StageReport> ofStage(Map<String, StageReport> reports, String stage) {
        Map<String, StageReport> rounds = new LinkedHashMap<>();
        reports.forEach((name, report) -> {
            if (name.endsWith("/" + stage)) {
                rounds.put(name.substring(0, name.indexOf('/')), report);
            }
        });
        return rounds;
    }

    private static String bars(Map<String, StageReport> reports) {
        Map<String, Double> bars = new LinkedHashMap<>();
        ofStage(reports, GoldStage.NAME).forEach((round, gold) -> {
            bars.putIfAbsent("Policy of supervised fine-tuning, held-out prompts", gold.number("gold_before"));
            bars.put("Policy of " + round + ", held-out prompts", gold.number("gold_after"));
            bars.put("All candidates of " + round + ", training prompts", gold.number("gold_of_all_candidates"));
            bars.put("Selected in " + round + ", training prompts", gold.number("gold_of_selected"));
        });
        double least = Math.min(
                0, bars.values().stream().mapToDouble(Double::doubleValue).min().orElse(0));
        double most =
                bars.values().stream().mapToDouble(Double::doubleValue).max().orElse(1);
        StringBuilder rows = new StringBuilder();
        bars.forEach((name, value) -> rows.append(String.format(
                Locale.ROOT,
                "<tr><th>%s</th><td class=bar><i style=\"width:%.1f%%\"></i></td><td>%s</td></tr>%n",
                html(name),
                100 * (value - least) / Math.max(1e-9, most - least),
                number(value))));
        return rows.toString();
    }

    private static String models(Map<String, StageReport> reports) {
        StringBuilder rows = new StringBuilder();
        for (Axis axis : Axis.values()) {
            ofStage(reports, new EvaluateRewardModelStage(axis).name())
                    .forEach((round, report) -> rows.append("<tr><th>")
                            .append(html(round + ", " + axis.name().toLowerCase(Locale.ROOT)))
                            .append("</th><td>")
                            .append(percent(report.number("accuracy")))
                            .append("</td><td>")
                            .append(percent(report.number("length_only_accuracy")))
                            .append("</td></tr>\n"));
        }
        return rows.toString();
    }

    private static String stages(Map<String, StageReport> reports) {
        StringBuilder rows = new StringBuilder();
        reports.forEach((stage, report) -> {
            rows.append("<details><summary>").append(html(stage)).append("</summary><table>");
            report.figures()
                    .forEach((name, value) -> rows.append("<tr><th>")
                            .append(html(name))
                            .append("</th><td>")
                            .append(html(String.valueOf(value)))
                            .append("</td></tr>\n"));
            rows.append("</table></details>\n");
        });
        return rows.toString();
    }

    private static String samples(StageContext context, int through) {
        StringBuilder rows = new StringBuilder();
        List<Row> pairs = context.ofRound(1)
                .read(GoldStage.BEFORE)
                .filter("sample = 0")
                .withColumnsRenamed(Map.of("text", "text_before", "gold", "gold_before"))
                .select("prompt_id", "prompt", "text_before", "gold_before")
                .join(
                        context.ofRound(through)
                                .read(GoldStage.AFTER)
                                .filter("sample = 0")
                                .select("prompt_id", "text", "gold"),
                        "prompt_id")
                .orderBy("prompt_id")
                .limit(SAMPLES)
                .collectAsList();
        for (Row row : pairs) {
            rows.append("<tr><td>")
                    .append(html(row.getAs("prompt")))
                    .append("</td><td>")
                    .append(html(row.getAs("text_before")))
                    .append("<b>")
                    .append(number(row.getAs("gold_before")))
                    .append("</b></td><td>")
                    .append(html(row.getAs("text")))
                    .append("<b>")
                    .append(number(row.getAs("gold")))
                    .append("</b></td></tr>\n");
        }
        return rows.toString();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static String html(String text) {
        return StringEscapeUtils.escapeHtml4(text);
    }
}
