package org.hone.spark.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.hone.data.dialogue.Turn;
import org.hone.spark.audit.Visible;
import org.hone.spark.quickstart.GoldStage;
import org.hone.spark.stage.EvaluatePolicyStage;
import org.hone.spark.stage.StageContext;
import org.hone.spark.table.Columns;
import org.hone.spark.table.Table;
import org.jspecify.annotations.Nullable;

/**
 * Some held-out prompts with the first response of the policy before and after each round, and their rewards by the round's own
 * models; which prompts follows from seed and ids alone.
 */
final class ResponseSamples {
    private static final int MOST = 300;
    /** Longer texts are cut, and the page says so. */
    private static final int CHARACTERS = 3000;
    /** Of a longer dialogue the end is shown. */
    private static final int TURNS = 12;

    private ResponseSamples() {}

    static JsonNode of(ReportedRun run) throws IOException {
        ArrayNode samples = Json.array();
        Optional<StageContext> newest = run.newest(EvaluatePolicyStage.NAME);
        if (newest.isEmpty()) {
            return samples;
        }
        Dataset<Row> prompts = first(newest.get(), EvaluatePolicyStage.AFTER)
                .orderBy(Columns.shuffled(run.context().recipe().seed(), "prompt_id"), functions.col("prompt_id"))
                .limit(MOST);
        Map<String, ObjectNode> byId = new LinkedHashMap<>();
        for (Row row : prompts.select("prompt_id", "prompt", "is_safety").collectAsList()) {
            ObjectNode sample = samples.addObject()
                    .put("id", row.<String>getAs("prompt_id"))
                    .put("safety", row.<Boolean>getAs("is_safety"));
            turns(sample.putArray("turns"), row);
            sample.putObject("rounds");
            byId.put(row.getAs("prompt_id"), sample);
        }
        for (StageContext round : run.rounds()) {
            if (run.isDone(round, EvaluatePolicyStage.NAME)) {
                boolean judged = run.isDone(round, GoldStage.NAME);
                responses(byId, round, "before", EvaluatePolicyStage.BEFORE, judged ? GoldStage.BEFORE : null);
                responses(byId, round, "after", EvaluatePolicyStage.AFTER, judged ? GoldStage.AFTER : null);
            }
        }
        return samples;
    }

    private static Dataset<Row> first(StageContext round, Table table) {
        return round.read(table).filter("sample = 0");
    }

    private static void turns(ArrayNode turns, Row prompt) {
        List<Turn> all = Columns.dialogue(prompt, "prompt").turns();
        for (Turn turn : all.subList(Math.max(0, all.size() - TURNS), all.size())) {
            turns.addArray().add(turn.role().name()).add(shortened(turn.text()));
        }
    }

    private static void responses(
            Map<String, ObjectNode> byId, StageContext round, String when, Table table, @Nullable Table gold) {
        Dataset<Row> responses =
                first(round, table).filter(functions.col("prompt_id").isInCollection(byId.keySet()));
        responses = gold == null
                ? responses.withColumn("gold", functions.lit(null).cast("double"))
                : responses.join(first(round, gold).select("prompt_id", "gold"), new String[] {"prompt_id"}, "left");
        for (Row row : responses
                .selectExpr("prompt_id", "text", "size(tokens) as tokens", "reward", "helpfulness", "safety", "gold")
                .collectAsList()) {
            ObjectNode sample = byId.get(row.<String>getAs("prompt_id"));
            if (sample != null) {
                ObjectNode response = sample.withObject("rounds")
                        .withObject(String.valueOf(round.round()))
                        .putObject(when)
                        .put("text", shortened(row.getAs("text")))
                        .put("tokens", row.<Integer>getAs("tokens"));
                for (String reward : List.of("reward", "helpfulness", "safety", "gold")) {
                    response.set(reward, Json.number(row.getAs(reward)));
                }
            }
        }
    }

    private static String shortened(String text) {
        return text.codePointCount(0, text.length()) <= CHARACTERS
                ? Visible.of(text)
                : Visible.of(text.substring(0, text.offsetByCodePoints(0, CHARACTERS))) + " […]";
    }
}
