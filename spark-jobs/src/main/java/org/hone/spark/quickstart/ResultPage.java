package org.hone.spark.quickstart;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.text.StringEscapeUtils;
import org.apache.commons.text.StringSubstitutor;
import org.apache.spark.sql.Row;
import org.hone.spark.run.StageReport;
import org.hone.spark.stage.EvaluateRewardModelStage;
import org.hone.spark.stage.SelectStage;
import org.hone.spark.stage.StageContext;

/** The quickstart's result as one HTML file that opens from disk. */
final class ResultPage {
    static final String NAME = "result.html";

    private static final int SAMPLES = 12;

    private ResultPage() {}

    static void write(StageContext context, Map<String, StageReport> reports) throws IOException {
        String template;
        try (var in = ResultPage.class.getResourceAsStream("result.html")) {
            if (in == null) {
                throw new IllegalStateException("result.html is not in the jar; build it again");
            }
            template = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
        StageReport gold = report(reports, GoldStage.NAME);
        StageReport rewardModel = report(reports, EvaluateRewardModelStage.NAME);
        StageReport selected = report(reports, SelectStage.NAME);
        Map<String, String> values = Map.of(
                "verdict", html(verdict(gold)),
                "before", number(gold.number("gold_before")),
                "after", number(gold.number("gold_after")),
                "bars", bars(gold),
                "accuracy", percent(rewardModel.number("accuracy")),
                "length", percent(rewardModel.number("length_only_accuracy")),
                "median", number(selected.number("mean_of_median_reward")),
                "max", number(selected.number("mean_of_max_reward")),
                "stages", stages(reports),
                "samples", samples(context));
        context.folder()
                .storage()
                .writeText(context.path(NAME), new StringSubstitutor(values, "{{", "}}").replace(template));
    }

    /** One sentence: whether the gold reward rose, with its interval. */
    static String verdict(StageReport gold) {
        double gain = gold.number("gold_gain");
        double half = gold.number("gold_gain_95_half_width");
        String change = gain - half > 0 ? "rose" : gain + half < 0 ? "fell" : "did not change clearly";
        return String.format(
                Locale.ROOT,
                "Gold reward %s: %.3f before, %.3f after (%+.3f ± %.3f at 95 %%, %.0f held-out prompts).",
                change,
                gold.number("gold_before"),
                gold.number("gold_after"),
                gain,
                half,
                gold.number("prompts"));
    }

    private static StageReport report(Map<String, StageReport> reports, String stage) {
        StageReport report = reports.get(stage);
        if (report == null) {
            throw new IllegalStateException("the run has no stage " + stage);
        }
        return report;
    }

    private static String bars(StageReport gold) {
        StringBuilder rows = new StringBuilder();
        Map<String, String> names = new java.util.LinkedHashMap<>();
        names.put("gold_before", "Policy before the round, held-out prompts");
        names.put("gold_after", "Policy after the round, held-out prompts");
        names.put("gold_of_all_candidates", "All candidates, training prompts");
        names.put("gold_of_selected", "Best of K by the reward model");
        double least = Math.min(
                0, names.keySet().stream().mapToDouble(gold::number).min().orElse(0));
        double most = names.keySet().stream().mapToDouble(gold::number).max().orElse(1);
        names.forEach((key, name) -> rows.append(String.format(
                Locale.ROOT,
                "<tr><th>%s</th><td class=bar><i style=\"width:%.1f%%\"></i></td><td>%s</td></tr>%n",
                html(name),
                100 * (gold.number(key) - least) / Math.max(1e-9, most - least),
                number(gold.number(key)))));
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

    private static String samples(StageContext context) {
        StringBuilder rows = new StringBuilder();
        List<Row> pairs = context.read(GoldStage.BEFORE)
                .filter("sample = 0")
                .withColumnsRenamed(Map.of("text", "text_before", "gold", "gold_before"))
                .select("prompt_id", "prompt", "text_before", "gold_before")
                .join(
                        context.read(GoldStage.AFTER).filter("sample = 0").select("prompt_id", "text", "gold"),
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
