package org.hone.spark.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.hone.spark.run.StageReport;
import org.hone.spark.stage.EvaluatePolicyStage;
import org.hone.spark.stage.SampleStage;
import org.hone.spark.stage.ScoreStage;
import org.hone.spark.stage.StageContext;
import org.hone.spark.table.Table;

/** How far the run is, what each stage took in seconds and tokens, and all that it reported. */
final class StageCosts {
    private static final ObjectMapper JSON = new ObjectMapper();

    private StageCosts() {}

    static JsonNode of(ReportedRun run) throws IOException {
        Map<String, Long> counted = counted(run);
        ArrayNode stages = Json.array();
        for (String name : run.stages()) {
            ObjectNode stage = stages.addObject().put("stage", name);
            StageReport report = run.reports().get(name);
            if (report == null) {
                boolean begun = !run.context()
                        .folder()
                        .storage()
                        .list(run.context().folder().path(name))
                        .isEmpty();
                stage.put("state", begun ? "begun" : "to do");
            } else {
                add(stage.put("state", "done"), name, report, counted);
            }
        }
        return stages;
    }

    private static void add(ObjectNode stage, String name, StageReport report, Map<String, Long> counted) {
        Map<String, Object> figures = report.figures();
        if (figures.get("seconds") instanceof Number seconds) {
            stage.set("seconds", Json.number(seconds));
        }
        if (figures.containsKey("training_seconds") && figures.containsKey("tokens_per_second")) {
            stage.put("work", "trained")
                    .put("tokens", Math.round(report.number("training_seconds") * report.number("tokens_per_second")));
        } else if (counted.containsKey(name)) {
            stage.put("work", work(name)).put("tokens", counted.get(name));
        }
        stage.set("report", JSON.valueToTree(figures));
    }

    private static String work(String stage) {
        // an evaluation takes what earlier rounds have drawn, so its tokens say nothing about its speed
        return stage.endsWith("/" + ScoreStage.NAME)
                ? "scored"
                : stage.endsWith("/" + SampleStage.NAME) ? "drawn" : "in responses";
    }

    /** Tokens of responses, and of all that was scored, which reports do not have. */
    private static Map<String, Long> counted(ReportedRun run) {
        Parts.Answer sampled = run.tablesOfPasses(SampleStage.NAME, pass -> lengths(pass, SampleStage.CANDIDATES))
                .ask(StageCosts::sums);
        Parts.Answer answered = run.tables(
                        EvaluatePolicyStage.NAME,
                        round -> lengths(round, EvaluatePolicyStage.BEFORE)
                                .unionByName(lengths(round, EvaluatePolicyStage.AFTER)))
                .ask(StageCosts::sums);
        Map<String, Long> tokens = new HashMap<>();
        long soFar = 0;
        for (StageContext round : run.rounds()) {
            soFar += ofPasses(run, round, sampled, soFar, tokens);
            if (run.isDone(round, EvaluatePolicyStage.NAME)) {
                tokens.put(
                        round.inRun(EvaluatePolicyStage.NAME), sum(answered.of(Parts.of(round.round())), "response"));
            }
        }
        return tokens;
    }

    /** What a round's passes drew and scored, the first of them all that was drawn before; returns the tokens of all its candidates. */
    private static long ofPasses(
            ReportedRun run, StageContext round, Parts.Answer sampled, long before, Map<String, Long> tokens) {
        long prompts = 0;
        long responses = 0;
        long unscored = before;
        for (StageContext pass : round.passes()) {
            if (run.isDone(pass, SampleStage.NAME)) {
                List<Row> sums = sampled.of(Parts.of(pass));
                // the last pass's table has what all of them drew
                boolean hasAll = pass.inRun(SampleStage.NAME).equals(round.inRun(SampleStage.NAME));
                long ownPrompts = sum(sums, "prompt") - (hasAll ? prompts : 0);
                long ownResponses = sum(sums, "response") - (hasAll ? responses : 0);
                tokens.put(pass.inRun(SampleStage.NAME), ownResponses);
                prompts += ownPrompts;
                responses += ownResponses;
                unscored += ownPrompts + ownResponses;
            }
            if (run.isDone(pass, ScoreStage.NAME)) {
                tokens.put(pass.inRun(ScoreStage.NAME), unscored);
                unscored = 0;
            }
        }
        return prompts + responses;
    }

    private static Dataset<Row> lengths(StageContext round, Table table) {
        return round.read(table).selectExpr("size(prompt_tokens) as prompt", "size(tokens) as response");
    }

    private static Dataset<Row> sums(Dataset<Row> lengths) {
        return lengths.groupBy(Parts.PART)
                .agg(
                        functions.sum("prompt").as("prompt"),
                        functions.sum("response").as("response"));
    }

    private static long sum(List<Row> sums, String of) {
        return sums.stream().mapToLong(row -> row.<Long>getAs(of)).sum();
    }
}
