package org.hone.spark.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.hone.data.curation.SourceRole.Axis;
import org.hone.spark.evaluation.Interval;
import org.hone.spark.stage.Axes;
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
        Parts judged = new Parts();
        for (StageContext round : run.rounds()) {
            for (Axis axis : run.context().recipe().preferences().axes()) {
                EvaluateRewardModelStage stage = new EvaluateRewardModelStage(axis);
                if (run.isDone(round, stage.name())) {
                    judged.add(part(round, axis), judged(round.read(stage.rewards())));
                }
            }
        }
        Parts.Answer groups = judged.ask(RewardModelFigures::groups);
        Parts.Answer bins = judged.ask(RewardModelFigures::bins);
        ArrayNode models = Json.array();
        for (StageContext round : run.rounds()) {
            for (Axis axis : run.context().recipe().preferences().axes()) {
                ObjectNode model =
                        models.addObject().put("round", round.round()).put("axis", Axes.name(axis));
                if (run.isDone(round, new EvaluateRewardModelStage(axis).name())) {
                    putGroups(model.putArray("groups"), groups.of(part(round, axis)));
                    putCalibration(model, bins.of(part(round, axis)));
                } else {
                    model.put("missing", true);
                }
            }
        }
        return models;
    }

    private static String part(StageContext round, Axis axis) {
        return Parts.of(round.round(), Axes.name(axis));
    }

    private static Dataset<Row> judged(Dataset<Row> rewards) {
        return rewards.select(
                functions.col("rating"),
                functions.col("source"),
                EvaluateRewardModelStage.right("chosen_reward", "rejected_reward")
                        .as("right"),
                EvaluateRewardModelStage.right("chosen_characters", "rejected_characters")
                        .as("longer"),
                functions
                        .expr("1 / (1 + exp(-abs(chosen_reward - rejected_reward)))")
                        .as("confidence"));
    }

    private static Dataset<Row> groups(Dataset<Row> judged) {
        return judged.select(
                        functions.col(Parts.PART),
                        functions.expr("explode(array(named_struct('by', 'all', 'name', ''),"
                                + " named_struct('by', 'rating', 'name', rating),"
                                + " named_struct('by', 'source', 'name', source))) as g"),
                        functions.col("right"),
                        functions.col("longer"))
                .filter("g.name is not null")
                .groupBy(Parts.PART, "g.by", "g.name")
                .agg(
                        functions.count("*").as("n"),
                        functions.sum("right").as("right"),
                        functions.sum("longer").as("longer"))
                .orderBy("by", "name");
    }

    private static void putGroups(ArrayNode groups, List<Row> found) {
        for (Row row : found) {
            ObjectNode group = groups.addObject()
                    .put("by", row.<String>getAs("by"))
                    .put("name", row.<String>getAs("name"))
                    .put("n", row.<Long>getAs("n"));
            group.set("accuracy", share(row.getAs("right"), row.getAs("n")));
            group.set("longer", share(row.getAs("longer"), row.getAs("n")));
        }
    }

    private static Dataset<Row> bins(Dataset<Row> judged) {
        return judged.withColumn(
                        "bin",
                        functions.expr("least(cast(floor((confidence - 0.5D) * " + 2 * BINS + ") as int), " + (BINS - 1)
                                + ")"))
                .groupBy(Parts.PART, "bin")
                .agg(
                        functions.count("*").as("n"),
                        functions.avg("confidence").as("confidence"),
                        functions.sum("right").as("right"))
                .orderBy("bin");
    }

    private static void putCalibration(ObjectNode model, List<Row> found) {
        ArrayNode bins = model.putArray("calibration");
        double error = 0;
        long all = 0;
        for (Row row : found) {
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
