package org.hone.spark.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.hone.spark.quickstart.GoldStage;
import org.hone.spark.quickstart.Verdict;
import org.hone.spark.stage.EvaluatePolicyStage;
import org.hone.spark.stage.StageContext;
import org.hone.spark.table.Table;

/** What each round gained on held-out prompts: by its own reward models, and by the gold reward where a world has one. */
final class PolicyGains {
    private PolicyGains() {}

    static JsonNode byReward(ReportedRun run) throws IOException {
        return run.byRound(EvaluatePolicyStage.NAME, (round, figures) -> {
            means(figures, round, "reward", EvaluatePolicyStage.BEFORE, EvaluatePolicyStage.AFTER);
            copy(figures, run, round, EvaluatePolicyStage.NAME);
        });
    }

    static JsonNode byGold(ReportedRun run) throws IOException {
        ObjectNode gold = Json.object();
        gold.set("rounds", run.byRound(GoldStage.NAME, (round, figures) -> {
            means(figures, round, "gold", GoldStage.BEFORE, GoldStage.AFTER);
            copy(figures, run, round, GoldStage.NAME);
        }));
        Verdict.of(run.reports()).forEach(gold.putArray("verdict")::add);
        return gold;
    }

    private static void means(ObjectNode figures, StageContext round, String column, Table before, Table after) {
        figures.set("before", mean(round.read(before), column));
        figures.set("after", mean(round.read(after), column));
    }

    /** A prompt counts once, with the mean over its samples. */
    private static JsonNode mean(Dataset<Row> responses, String column) {
        Row row = responses
                .groupBy("prompt_id")
                .agg(functions.avg(column).as("mean"))
                .agg(functions.avg("mean"), functions.expr("stddev_samp(mean) / sqrt(count(*))"))
                .first();
        return row.isNullAt(0) ? Json.number(null) : Json.mean(row.getDouble(0), row.getAs(1));
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
