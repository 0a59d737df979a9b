package org.hone.spark.quickstart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.hone.spark.run.StageReport;

/** What the world's gold reward says about the rounds, in words. */
public final class Verdict {
    private Verdict() {}

    /**
     * Whether the gold reward rose.
     *
     * @param reports the stages' reports
     * @return a sentence a round, with the figures
     */
    public static List<String> of(Map<String, StageReport> reports) {
        List<String> lines = new ArrayList<>();
        Map<String, StageReport> rounds = goldOfRounds(reports);
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

    /** The gold stage's reports, by round. */
    private static Map<String, StageReport> goldOfRounds(Map<String, StageReport> reports) {
        Map<String, StageReport> rounds = new LinkedHashMap<>();
        reports.forEach((name, report) -> {
            if (name.endsWith("/" + GoldStage.NAME)) {
                rounds.put(name.substring(0, name.indexOf('/')), report);
            }
        });
        return rounds;
    }
}
