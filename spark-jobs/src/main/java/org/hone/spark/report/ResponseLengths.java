package org.hone.spark.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.hone.spark.stage.EvaluatePolicyStage;
import org.hone.spark.stage.SampleStage;
import org.hone.spark.stage.SelectStage;
import org.hone.spark.stage.StageContext;
import org.hone.spark.table.Table;

/** How many tokens responses have: a round's candidates, what it selected, and its policies' answers to held-out prompts. */
final class ResponseLengths {
    private static final List<Map.Entry<String, Table>> TABLES = List.of(
            Map.entry("held-out, before", EvaluatePolicyStage.BEFORE),
            Map.entry("candidates", SampleStage.CANDIDATES),
            Map.entry("selected", SelectStage.SELECTED),
            Map.entry("held-out, after", EvaluatePolicyStage.AFTER));

    private ResponseLengths() {}

    static JsonNode of(ReportedRun run) throws IOException {
        ArrayNode lengths = Json.array();
        for (StageContext round : run.rounds()) {
            for (Map.Entry<String, Table> table : TABLES) {
                String name = table.getValue().name();
                if (run.isDone(round, name.substring(0, name.indexOf('/')))) {
                    add(
                            lengths.addObject().put("round", round.round()).put("of", table.getKey()),
                            round,
                            table.getValue());
                }
            }
        }
        return lengths;
    }

    private static void add(ObjectNode length, StageContext round, Table table) {
        Row row = round.read(table)
                .selectExpr("size(tokens) as tokens")
                .selectExpr(
                        "count(*)",
                        "avg(tokens)",
                        "percentile_approx(tokens, array(0.05D, 0.25D, 0.5D, 0.75D, 0.95D), 10000)")
                .first();
        length.put("n", row.getLong(0));
        if (row.getLong(0) > 0) {
            length.set("mean", Json.number(row.getDouble(1)));
            row.<Integer>getList(2).forEach(length.putArray("quantiles")::add);
        }
    }
}
