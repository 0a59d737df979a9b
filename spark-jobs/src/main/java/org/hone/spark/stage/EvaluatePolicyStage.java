package org.hone.spark.stage;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import org.hone.spark.recipe.EvaluationRecipe;
import org.hone.spark.recipe.RejectionSamplingRecipe;
import org.hone.spark.run.StageReport;
import org.hone.spark.sampling.Fanout;
import org.hone.spark.sampling.RewardModelRef;
import org.hone.spark.sampling.SampleTask;
import org.hone.spark.table.CandidateTable;
import org.hone.spark.table.Columns;
import org.hone.spark.table.Table;

/**
 * Mean reward of the policy before and after the round by the round's reward models, on prompts that nothing was trained on, and which
 * of the two the next round goes on from. Both policies answer the same prompts with the same seeds, so the difference is taken
 * prompt by prompt. Answers that an earlier round sampled from a policy are the ones that would be sampled again, so they are taken.
 */
public final class EvaluatePolicyStage implements Stage {
    /** The stage's name. */
    public static final String NAME = "evaluate-policy";
    /** Scored responses of the policy before the round. */
    public static final Table BEFORE = new Table(NAME + "/before", CandidateTable.SCORED);
    /** Scored responses of the policy after the round. */
    public static final Table AFTER = new Table(NAME + "/after", CandidateTable.SCORED);

    /** The figure that names the better policy, by its folder in the run. */
    static final String BEST_POLICY = "best_policy";

    /** Evaluation draws from seeds of its own. */
    private static final int EVALUATION_ROUND = -1;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public StageReport run(StageContext context) throws IOException {
        EvaluationRecipe evaluation = context.recipe().evaluation();
        Dataset<Row> prompts = Fanout.choose(
                        context.read(TokeniseStage.PROMPTS).filter("held_out"),
                        evaluation.prompts(),
                        context.recipe().seed())
                .persist(StorageLevel.DISK_ONLY());
        String before = Policies.before(context);
        String after = context.path(FineTuneStage.POLICY);
        List<RewardModelRef> models = RewardModelStage.models(context);
        answer(context, prompts, before, models, BEFORE);
        answer(context, prompts, after, models, AFTER);
        prompts.unpersist();
        return report(context, before, after);
    }

    private static void answer(
            StageContext context, Dataset<Row> prompts, String policy, List<RewardModelRef> models, Table output)
            throws IOException {
        RejectionSamplingRecipe sampling = context.recipe().rejectionSampling();
        Fanout fanout = new Fanout(Encodings.of(context), context.progress());
        Table unscored = new Table(output.name() + "-unscored", CandidateTable.CANDIDATES);
        Dataset<Row> known = known(context, prompts, fanout.policyHash(policy, sampling.weights()));
        SampleTask.Drawing draw = SampleStage.draw(
                context.recipe().seed(),
                EVALUATION_ROUND,
                sampling,
                new SampleStage.Samples(0, context.recipe().evaluation().samplesPerPrompt()),
                List.of(sampling.temperature()));
        Dataset<Row> open = prompts.join(known, prompts.col("id").equalTo(known.col("prompt_id")), "left_anti");
        Dataset<Row> answers = known;
        if (!open.isEmpty()) {
            fanout.sample(
                    open,
                    policy,
                    sampling.weights(),
                    draw,
                    context.inRun(output.name()) + " sample",
                    context.path(unscored));
            answers = context.read(unscored).unionByName(known);
        }
        Fanout.score(
                answers,
                models,
                context.progress(),
                context.inRun(output.name()) + " score",
                CandidateTable.SCORED,
                context.path(output));
        context.folder().storage().delete(context.path(unscored));
    }

    /** What the rounds before sampled from a policy for these prompts. */
    private static Dataset<Row> known(StageContext context, Dataset<Row> prompts, String policyHash) {
        Dataset<Row> known = context.spark().createDataFrame(List.of(), CandidateTable.CANDIDATES);
        if (context.round() > 1) {
            StageContext last = context.ofRound(context.round() - 1);
            known = last.read(BEFORE)
                    .unionByName(last.read(AFTER))
                    .select(Columns.of(CandidateTable.CANDIDATES))
                    .filter(functions.col("policy").equalTo(policyHash))
                    .dropDuplicates("id");
        }
        return known.join(
                prompts.select(functions.col("id").as("asked")), functions.expr("prompt_id = asked"), "left_semi");
    }

    private static StageReport report(StageContext context, String policyBefore, String policyAfter) {
        Dataset<Row> before = context.read(BEFORE);
        Dataset<Row> after = context.read(AFTER);
        PairedComparison rewards = PairedComparison.of(before, after, "reward");
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("prompts", rewards.prompts());
        figures.put("mean_reward_before", rewards.before());
        figures.put("mean_reward_after", rewards.after());
        figures.put("mean_gain", rewards.gain());
        figures.put("gain_95_half_width", rewards.halfWidth());
        figures.put("mean_tokens_before", meanTokens(before));
        figures.put("mean_tokens_after", meanTokens(after));
        figures.put("policy_before", Policies.inRun(context, policyBefore));
        figures.put(BEST_POLICY, Policies.inRun(context, rewards.gain() < 0 ? policyBefore : policyAfter));
        return new StageReport(figures);
    }

    private static double meanTokens(Dataset<Row> scored) {
        return scored.agg(functions.avg(functions.size(functions.col("tokens"))))
                .first()
                .getDouble(0);
    }
}
