package org.hone.spark.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
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

    private static final String QUANTILES =
            "percentile_approx(tokens, array(0.05D, 0.25D, 0.5D, 0.75D, 0.95D), 10000) as quantiles";

    private ResponseLengths() {}

    static JsonNode of(ReportedRun run) throws IOException {
        Parts tables = new Parts();
        for (StageContext round : run.rounds()) {
            for (Map.Entry<String, Table> table : TABLES) {
                if (isDone(run, round, table.getValue())) {
                    tables.add(
                            Parts.of(round.round(), table.getKey()),
                            round.read(table.getValue()).selectExpr("size(tokens) as tokens"));
                }
            }
        }
        Parts.Answer found = tables.ask(rows -> rows.groupBy(Parts.PART)
                .agg(functions.count("*").as("n"), functions.avg("tokens").as("mean"), functions.expr(QUANTILES)));
        ArrayNode lengths = Json.array();
        for (StageContext round : run.rounds()) {
            for (Map.Entry<String, Table> table : TABLES) {
                if (isDone(run, round, table.getValue())) {
                    add(
                            lengths.addObject().put("round", round.round()).put("of", table.getKey()),
                            found.of(Parts.of(round.round(), table.getKey())));
                }
            }
        }
        return lengths;
    }

    private static boolean isDone(ReportedRun run, StageContext round, Table table) {
        return run.isDone(round, table.name().substring(0, table.name().indexOf('/')));
    }

    /** A table without rows has no row. */
    private static void add(ObjectNode length, List<Row> found) {
        length.put("n", found.isEmpty() ? 0 : found.get(0).<Long>getAs("n"));
        for (Row row : found) {
            length.set("mean", Json.number(row.<Double>getAs("mean")));
            row.<Integer>getList(row.fieldIndex("quantiles")).forEach(length.putArray("quantiles")::add);
        }
    }
}
