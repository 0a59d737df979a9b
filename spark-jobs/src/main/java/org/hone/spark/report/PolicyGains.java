package org.hone.spark.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.hone.spark.quickstart.GoldStage;
import org.hone.spark.quickstart.Verdict;
import org.hone.spark.stage.EvaluatePolicyStage;
import org.hone.spark.stage.StageContext;
import org.hone.spark.table.Table;

/** What each round gained on held-out prompts: by its own reward models, and by the gold reward where a world has one. */
final class PolicyGains {
    private static final String BEFORE = "before";
    private static final String AFTER = "after";

    private PolicyGains() {}

    static JsonNode byReward(ReportedRun run) throws IOException {
        Parts.Answer means =
                means(run, EvaluatePolicyStage.NAME, "reward", EvaluatePolicyStage.BEFORE, EvaluatePolicyStage.AFTER);
        return run.byRound(EvaluatePolicyStage.NAME, (round, figures) -> {
            put(figures, means, round);
            copy(figures, run, round, EvaluatePolicyStage.NAME);
        });
    }

    static JsonNode byGold(ReportedRun run) throws IOException {
        ObjectNode gold = Json.object();
        Parts.Answer means = means(run, GoldStage.NAME, "gold", GoldStage.BEFORE, GoldStage.AFTER);
        gold.set("rounds", run.byRound(GoldStage.NAME, (round, figures) -> {
            put(figures, means, round);
            copy(figures, run, round, GoldStage.NAME);
        }));
        Verdict.of(run.reports()).forEach(gold.putArray("verdict")::add);
        return gold;
    }

    /** A prompt counts once, with the mean over its samples. */
    private static Parts.Answer means(ReportedRun run, String stage, String column, Table before, Table after) {
        Parts answers = new Parts();
        for (StageContext round : run.rounds()) {
            if (run.isDone(round, stage)) {
                answers.add(Parts.of(round.round(), BEFORE), round.read(before).select("prompt_id", column));
                answers.add(Parts.of(round.round(), AFTER), round.read(after).select("prompt_id", column));
            }
        }
        return answers.ask(rows -> rows.groupBy(Parts.PART, "prompt_id")
                .agg(functions.avg(column).as("mean"))
                .groupBy(Parts.PART)
                .agg(
                        functions.avg("mean").as("mean"),
                        functions.expr("stddev_samp(mean) / sqrt(count(*))").as("standard_error")));
    }

    private static void put(ObjectNode figures, Parts.Answer means, StageContext round) {
        for (String when : List.of(BEFORE, AFTER)) {
            figures.set(
                    when,
                    means.of(Parts.of(round.round(), when)).stream()
                            .findFirst()
                            .map(PolicyGains::mean)
                            .orElse(Json.number(null)));
        }
    }

    private static JsonNode mean(Row row) {
        Double mean = row.getAs("mean");
        return mean == null ? Json.number(null) : Json.mean(mean, row.getAs("standard_error"));
    }

    private static void copy(ObjectNode figures, ReportedRun run, StageContext round, String stage) {
        ObjectNode report = figures.putObject("report");
        for (Map.Entry<String, Object> figure :
                run.report(round, stage).figures().entrySet()) {
            if (figure.getValue() instanceof Number number) {
                report.set(figure.getKey(), Json.number(number));
            } else if (List.of("policy_before", "best_policy").contains(figure.getKey())) {
                report.put(figure.getKey(), String.valueOf(figure.getValue()));
            }
        }
    }
}
