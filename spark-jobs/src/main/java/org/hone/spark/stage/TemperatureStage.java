package org.hone.spark.stage;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.hone.model.random.Seeds;
import org.hone.spark.pool.RewardCurves;
import org.hone.spark.recipe.RejectionSamplingRecipe;
import org.hone.spark.run.StageReport;
import org.hone.spark.sampling.Fanout;
import org.hone.spark.table.CandidateTable;
import org.hone.spark.table.Table;

/**
 * Which temperature this round samples at: the one whose best of K is expected to be the highest (recipe section 7), by the newest
 * reward models, on some training prompts. Its samples are not part of the pool.
 */
public final class TemperatureStage implements Stage {
    /** The stage's name. */
    public static final String NAME = "temperature";
    /** Maximum, median and mean reward of N responses by temperature. */
    public static final Table CURVES = new Table(NAME + "/curves", RewardCurves.SCHEMA);

    private static final Table CANDIDATES = new Table(NAME + "/candidates", CandidateTable.CANDIDATES);
    private static final Table SCORED = new Table(NAME + "/scored", CandidateTable.SCORED);
    private static final String CHOSEN = "temperature";
    /** Its draws are neither a round's, which count from 1, nor the evaluation's, which is −1. */
    private static final int DRAWS_OF_ROUND_0 = -2;

    @Override
    public String name() {
        return NAME;
    }

    /** The temperature of a pass: what was found, or what the recipe says. */
    static double chosen(StageContext context) throws IOException {
        RejectionSamplingRecipe sampling = context.recipe().rejectionSampling();
        return sampling.temperatureSearch().isWanted()
                ? context.folder().report(context.inRun(NAME)).number(CHOSEN)
                : sampling.temperature();
    }

    @Override
    public StageReport run(StageContext context) throws IOException {
        RejectionSamplingRecipe sampling = context.recipe().rejectionSampling();
        long seed = context.recipe().seed();
        Dataset<Row> prompts = Fanout.choose(
                context.ofWholeRound().read(TokeniseStage.PROMPTS).filter("not held_out"),
                sampling.temperatureSearch().prompts(),
                Seeds.mix(seed, context.round(), Seeds.hash(NAME)));
        Fanout fanout = new Fanout(Encodings.of(context), context.progress());
        fanout.sample(
                prompts,
                Policies.newest(context),
                sampling.weights(),
                SampleStage.draw(
                        seed,
                        DRAWS_OF_ROUND_0 - context.round(),
                        sampling,
                        new SampleStage.Samples(0, sampling.samplesPerPrompt()),
                        sampling.temperatureSearch().temperatures()),
                context.inRun(NAME) + " sample",
                context.path(CANDIDATES));
        Fanout.score(
                context.read(CANDIDATES),
                RewardModelStage.models(context),
                context.progress(),
                context.inRun(NAME) + " score",
                CandidateTable.SCORED,
                context.path(SCORED));
        RewardCurves.of(context.read(SCORED)).coalesce(1).write().parquet(context.path(CURVES));
        return report(context.read(CURVES).filter(functions.col("n").equalTo(sampling.samplesPerPrompt())));
    }

    private static StageReport report(Dataset<Row> atK) {
        Map<String, Object> figures = new LinkedHashMap<>();
        double best = Double.NEGATIVE_INFINITY;
        double chosen = Double.NaN;
        for (Row row : atK.orderBy("temperature").collectAsList()) {
            double max = row.getAs("max");
            figures.put("best_of_k at " + row.getAs("temperature"), max);
            if (max > best) {
                best = max;
                chosen = row.getAs("temperature");
            }
        }
        figures.put(CHOSEN, chosen);
        return new StageReport(figures);
    }
}
