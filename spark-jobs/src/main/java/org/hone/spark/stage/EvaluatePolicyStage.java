package org.hone.spark.stage;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import org.hone.spark.executor.SamplingWeights;
import org.hone.spark.recipe.EvaluationRecipe;
import org.hone.spark.recipe.RejectionSamplingRecipe;
import org.hone.spark.run.StageReport;
import org.hone.spark.sampling.Fanout;
import org.hone.spark.sampling.SampleTask;
import org.hone.spark.session.Together;
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

    /** Both, until they are told apart: they are scored in one pass. */
    private static final Table SCORED = new Table(NAME + "/scored", CandidateTable.SCORED);

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
        Fanout fanout = new Fanout(Encodings.of(context), context.progress());
        SamplingWeights weights = context.recipe().rejectionSampling().weights();
        String before = Policies.before(context);
        String after = context.path(FineTuneStage.POLICY);
        String hashBefore = fanout.policyHash(before, weights);
        String hashAfter = fanout.policyHash(after, weights);
        Dataset<Row> answers = answers(context, fanout, prompts, before, known(context, prompts, hashBefore), BEFORE);
        if (!hashAfter.equals(hashBefore)) {
            Dataset<Row> nothing = context.spark().createDataFrame(List.of(), CandidateTable.CANDIDATES);
            answers = answers.unionByName(answers(context, fanout, prompts, after, nothing, AFTER));
        }
        Fanout.score(
                answers,
                RewardModelStage.models(context),
                context.progress(),
                context.inRun(NAME) + " score",
                CandidateTable.SCORED,
                context.path(SCORED));
        prompts.unpersist();
        Together.run(
                () -> ofPolicy(context, hashBefore).write().parquet(context.path(BEFORE)),
                () -> ofPolicy(context, hashAfter).write().parquet(context.path(AFTER)));
        for (Table done : List.of(SCORED, unscored(BEFORE), unscored(AFTER))) {
            context.folder().storage().delete(context.path(done));
        }
        return report(context, before, after);
    }

    private static Table unscored(Table scored) {
        return new Table(scored.name() + "-unscored", CandidateTable.CANDIDATES);
    }

    private static Dataset<Row> ofPolicy(StageContext context, String hash) {
        return context.read(SCORED).filter(functions.col("policy").equalTo(hash));
    }

    /** What a policy answers: what is known, and the rest sampled. */
    private static Dataset<Row> answers(
            StageContext context, Fanout fanout, Dataset<Row> prompts, String policy, Dataset<Row> known, Table output)
            throws IOException {
        RejectionSamplingRecipe sampling = context.recipe().rejectionSampling();
        SampleTask.Drawing draw = SampleStage.draw(
                context.recipe().seed(),
                EVALUATION_ROUND,
                sampling,
                new SampleStage.Samples(0, context.recipe().evaluation().samplesPerPrompt()),
                List.of(sampling.temperature()));
        Dataset<Row> open = prompts.join(known, prompts.col("id").equalTo(known.col("prompt_id")), "left_anti");
        if (open.isEmpty()) {
            return known;
        }
        fanout.sample(
                open,
                policy,
                sampling.weights(),
                draw,
                context.inRun(output.name()) + " sample",
                context.path(unscored(output)));
        return context.read(unscored(output)).unionByName(known);
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
        Row tokens = meanTokens(before).crossJoin(meanTokens(after)).first();
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("prompts", rewards.prompts());
        figures.put("mean_reward_before", rewards.before());
        figures.put("mean_reward_after", rewards.after());
        figures.put("mean_gain", rewards.gain());
        figures.put("gain_95_half_width", rewards.halfWidth());
        figures.put("mean_tokens_before", tokens.getDouble(0));
        figures.put("mean_tokens_after", tokens.getDouble(1));
        figures.put("policy_before", Policies.inRun(context, policyBefore));
        figures.put(BEST_POLICY, Policies.inRun(context, rewards.gain() < 0 ? policyBefore : policyAfter));
        return new StageReport(figures);
    }

    private static Dataset<Row> meanTokens(Dataset<Row> scored) {
        return scored.agg(functions.avg(functions.size(functions.col("tokens"))));
    }
}
