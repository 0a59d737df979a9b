package org.hone.spark.stage;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.hone.model.random.Seeds;
import org.hone.spark.recipe.RejectionSamplingRecipe;
import org.hone.spark.run.StageReport;
import org.hone.spark.sampling.Fanout;
import org.hone.spark.sampling.SampleTask;
import org.hone.spark.table.CandidateTable;
import org.hone.spark.table.Table;
import org.jspecify.annotations.Nullable;

/**
 * K responses a training prompt from the newest policy (recipe section 7): this round's part of the candidate pool.
 */
public final class SampleStage implements Stage {
    /** The stage's name. */
    public static final String NAME = "sample";
    /** Where the candidates are. */
    public static final Table CANDIDATES = new Table(NAME + "/candidates", CandidateTable.CANDIDATES);

    /** The scores that decided how many samples a prompt got, if the recipe is adaptive; this round's reward models gave them. */
    static final Table SCORES = new Table(NAME + "/scores", CandidateTable.SCORES);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<String> checkpoints() {
        return List.of(SamplingParts.FOLDER);
    }

    @Override
    public StageReport run(StageContext context) throws IOException {
        RejectionSamplingRecipe sampling = context.recipe().rejectionSampling();
        long seed = context.recipe().seed();
        Dataset<Row> prompts = prompts(context).persist(StorageLevel.DISK_ONLY());
        List<Double> temperature = List.of(TemperatureStage.chosen(context));
        SamplingParts parts = new SamplingParts(
                context.spark(),
                context.folder(),
                context.inRun(NAME),
                new Fanout(Encodings.of(context), context.progress()));
        var policy = new SamplingParts.Sampled(Policies.newest(context), sampling.weights());
        @Nullable Dataset<Row> earlier = earlier(context);
        int most = sampling.samplesPerPrompt();
        Double leastGain = sampling.adaptive().leastGain();
        Map<String, Object> savings = new LinkedHashMap<>();
        if (leastGain == null) {
            var draw = draw(seed, context.round(), sampling, new Samples(0, most), temperature);
            parts.sample(prompts, policy, draw, earlier);
        } else {
            AdaptiveSampling.Waves waves = (open, first, end) -> {
                Samples samples = new Samples(first, end - first);
                parts.sample(open, policy, draw(seed, context.round(), sampling, samples, temperature), earlier);
            };
            var adaptive = new AdaptiveSampling(
                    parts, most, leastGain, sampling.adaptive().firstSamples());
            savings.put("waves", adaptive.run(prompts, waves, RewardModelStage.models(context)));
            parts.scores().write().parquet(context.path(SCORES));
            savings.putAll(adaptive.savings(ofEarlierPasses(context, SCORES).unionByName(parts.scores())));
        }
        Map<String, Object> figures =
                new LinkedHashMap<>(parts.join(ofEarlierPasses(context, CANDIDATES), context.path(CANDIDATES)));
        figures.putAll(savings);
        prompts.unpersist();
        return new StageReport(figures);
    }

    /** The prompts of the round, or of the pass its share of them: as many as any other pass, but for one. */
    private static Dataset<Row> prompts(StageContext context) {
        RejectionSamplingRecipe sampling = context.recipe().rejectionSampling();
        Dataset<Row> training =
                context.ofWholeRound().read(TokeniseStage.PROMPTS).filter("not held_out");
        long seed = Seeds.mix(context.recipe().seed(), sampling.newPrompts() ? context.round() : 1);
        if (sampling.passes() == 1) {
            return Fanout.choose(training, sampling.prompts(), seed);
        }
        long count = Math.min(training.count(), sampling.prompts());
        if (count < sampling.passes()) {
            throw new IllegalArgumentException("rejection-sampling.passes: got " + sampling.passes()
                    + ", but there are only " + count + " prompts to sample in v" + context.round()
                    + "; lower it, or bring more data");
        }
        int first = Math.toIntExact(count * (context.pass() - 1) / sampling.passes());
        int end = Math.toIntExact(count * context.pass() / sampling.passes());
        return Fanout.choose(training, end, seed).offset(first);
    }

    /** What was sampled before, if anything was: how long its responses are says how long these may be. */
    private static @Nullable Dataset<Row> earlier(StageContext context) {
        if (context.pass() > 1) {
            return context.ofPass(context.pass() - 1).readSoFar(CANDIDATES);
        }
        return context.round() > 1 ? context.ofRound(context.round() - 1).readSoFar(CANDIDATES) : null;
    }

    /** What joins the last pass's rows, so that they are the round's. */
    private static Dataset<Row> ofEarlierPasses(StageContext context, Table table) {
        Dataset<Row> joining = context.spark().createDataFrame(List.of(), table.schema());
        if (context.pass() == context.recipe().rejectionSampling().passes()) {
            for (StageContext pass : context.earlierPasses()) {
                joining = joining.unionByName(pass.read(table));
            }
        }
        return joining;
    }

    /**
     * Which of a prompt's samples are drawn.
     *
     * @param first the first one's number
     * @param count how many
     */
    public record Samples(int first, int count) {}

    /**
     * How a recipe has candidates drawn.
     *
     * @param seed the run's seed
     * @param round the round's number
     * @param sampling the recipe's settings
     * @param samples which samples of a prompt
     * @param temperatures divide the logits
     * @return the drawing
     */
    public static SampleTask.Drawing draw(
            long seed, int round, RejectionSamplingRecipe sampling, Samples samples, List<Double> temperatures) {
        return new SampleTask.Drawing(
                seed,
                round,
                samples.first(),
                samples.count(),
                temperatures,
                sampling.topP(),
                sampling.topK(),
                sampling.repetitionPenalty(),
                sampling.maxNewTokens(),
                sampling.stop());
    }
}
