package org.hone.spark.stage;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.hone.spark.executor.SamplingWeights;
import org.hone.spark.recipe.EvaluationRecipe;
import org.hone.spark.run.StageReport;
import org.hone.spark.sampling.Fanout;
import org.hone.spark.sampling.SampleTask;
import org.hone.spark.table.CandidateTable;
import org.hone.spark.table.Table;

/**
 * Mean reward of the policy before and after the round, on prompts that nothing was trained on. Both
 * policies answer the same prompts with the same seeds, so the difference is taken prompt by prompt.
 */
public final class EvaluatePolicyStage implements Stage {
    /** The stage's name. */
    public static final String NAME = "evaluate-policy";
    /** Scored responses of the policy before the round. */
    public static final Table BEFORE = new Table(NAME + "/before", CandidateTable.SCORED);
    /** Scored responses of the policy after the round. */
    public static final Table AFTER = new Table(NAME + "/after", CandidateTable.SCORED);

    /** Evaluation draws from seeds of its own. */
    private static final int EVALUATION_ROUND = -1;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public StageReport run(StageContext context) throws IOException {
        EvaluationRecipe evaluation = context.recipe().evaluation();
        long seed = context.recipe().seed();
        Dataset<Row> prompts =
                Fanout.choose(context.read(TokeniseStage.PROMPTS).filter("held_out"), evaluation.prompts(), seed);
        SampleTask.Drawing draw = SampleStage.draw(
                seed, EVALUATION_ROUND, context.recipe().rejectionSampling(), evaluation.samplesPerPrompt());
        answer(context, prompts, context.path(SftStage.POLICY), draw, BEFORE);
        answer(context, prompts, context.path(FineTuneStage.POLICY), draw, AFTER);
        return report(context.read(BEFORE), context.read(AFTER));
    }

    private static void answer(
            StageContext context, Dataset<Row> prompts, String policy, SampleTask.Drawing draw, Table output)
            throws IOException {
        Fanout fanout = new Fanout(Encodings.of(context), context.progress());
        Table unscored = new Table(output.name() + "-unscored", CandidateTable.CANDIDATES);
        SamplingWeights weights = context.recipe().rejectionSampling().weights();
        fanout.sample(prompts, policy, weights, draw, output.name() + " sample", context.path(unscored));
        fanout.score(
                context.read(unscored),
                context.path(RewardModelStage.REWARD_MODEL),
                context.recipe().rewardModel().ranking().normalise(),
                output.name() + " score",
                context.path(output));
        context.folder().storage().delete(context.path(unscored));
    }

    private static StageReport report(Dataset<Row> before, Dataset<Row> after) {
        PairedComparison rewards = PairedComparison.of(before, after, "reward");
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("prompts", rewards.prompts());
        figures.put("mean_reward_before", rewards.before());
        figures.put("mean_reward_after", rewards.after());
        figures.put("mean_gain", rewards.gain());
        figures.put("gain_95_half_width", rewards.halfWidth());
        figures.put("mean_tokens_before", meanTokens(before));
        figures.put("mean_tokens_after", meanTokens(after));
        return new StageReport(figures);
    }

    private static double meanTokens(Dataset<Row> scored) {
        return scored.agg(functions.avg(functions.size(functions.col("tokens"))))
                .first()
                .getDouble(0);
    }
}
