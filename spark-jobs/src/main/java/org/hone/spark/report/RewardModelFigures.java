package org.hone.spark.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.hone.data.curation.SourceRole.Axis;
import org.hone.spark.evaluation.Interval;
import org.hone.spark.stage.EvaluateRewardModelStage;
import org.hone.spark.stage.StageContext;

/**
 * How often a round's reward models are right about held-out comparisons, beside the longer response, and whether they are right as
 * often as they are sure. A tie counts half. σ(|margin|) is the confidence of a decision.
 */
final class RewardModelFigures {
    /** Bins of equal width over confidences from 0.5 to 1. */
    private static final int BINS = 10;

    private RewardModelFigures() {}

    static JsonNode of(ReportedRun run) throws IOException {
        ArrayNode models = Json.array();
        for (StageContext round : run.rounds()) {
            for (Axis axis : run.context().recipe().preferences().axes()) {
                EvaluateRewardModelStage stage = new EvaluateRewardModelStage(axis);
                ObjectNode model = models.addObject()
                        .put("round", round.round())
                        .put("axis", axis.name().toLowerCase(Locale.ROOT));
                if (run.isDone(round, stage.name())) {
                    add(model, round.read(stage.rewards()));
                } else {
                    model.put("missing", true);
                }
            }
        }
        return models;
    }

    private static void add(ObjectNode model, Dataset<Row> rewards) {
        Dataset<Row> judged = rewards.withColumn(
                        "right", EvaluateRewardModelStage.right("chosen_reward", "rejected_reward"))
                .withColumn("longer", EvaluateRewardModelStage.right("chosen_characters", "rejected_characters"))
                .withColumn("confidence", functions.expr("1 / (1 + exp(-abs(chosen_reward - rejected_reward)))"));
        groups(model.putArray("groups"), judged);
        calibration(model, judged);
    }

    private static void groups(ArrayNode groups, Dataset<Row> judged) {
        Dataset<Row> found = judged.select(
                        functions.expr("explode(array(named_struct('by', 'all', 'name', ''),"
                                + " named_struct('by', 'rating', 'name', rating),"
                                + " named_struct('by', 'source', 'name', source))) as g"),
                        functions.col("right"),
                        functions.col("longer"))
                .filter("g.name is not null")
                .groupBy("g.by", "g.name")
                .agg(
                        functions.count("*").as("n"),
                        functions.sum("right").as("right"),
                        functions.sum("longer").as("longer"))
                .orderBy("by", "name");
        for (Row row : found.collectAsList()) {
            ObjectNode group = groups.addObject()
                    .put("by", row.<String>getAs("by"))
                    .put("name", row.<String>getAs("name"))
                    .put("n", row.<Long>getAs("n"));
            group.set("accuracy", share(row.getAs("right"), row.getAs("n")));
            group.set("longer", share(row.getAs("longer"), row.getAs("n")));
        }
    }

    private static void calibration(ObjectNode model, Dataset<Row> judged) {
        ArrayNode bins = model.putArray("calibration");
        double error = 0;
        long all = 0;
        for (Row row : judged.withColumn(
                        "bin",
                        functions.expr("least(cast(floor((confidence - 0.5D) * " + 2 * BINS + ") as int), " + (BINS - 1)
                                + ")"))
                .groupBy("bin")
                .agg(
                        functions.count("*").as("n"),
                        functions.avg("confidence").as("confidence"),
                        functions.sum("right").as("right"))
                .orderBy("bin")
                .collectAsList()) {
            long n = row.<Long>getAs("n");
            double confidence = row.<Double>getAs("confidence");
            double right = row.<Double>getAs("right");
            error += Math.abs(right - n * confidence);
            all += n;
            ObjectNode bin = bins.addObject().put("n", n);
            bin.set("confidence", Json.number(confidence));
            bin.set("accuracy", share(right, n));
        }
        model.set("calibrationError", Json.number(error / all));
    }

    private static ArrayNode share(double successes, long n) {
        Interval interval = Interval.wilson(successes, n);
        return Json.interval(successes / n, interval.low(), interval.high());
    }
}
