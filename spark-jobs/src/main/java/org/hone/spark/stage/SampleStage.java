package org.hone.spark.stage;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.hone.model.random.Seeds;
import org.hone.spark.recipe.RejectionSamplingRecipe;
import org.hone.spark.run.StageReport;
import org.hone.spark.sampling.Fanout;
import org.hone.spark.sampling.SampleTask;
import org.hone.spark.table.CandidateTable;
import org.hone.spark.table.Table;

/**
 * K responses a training prompt from the newest policy (recipe section 7): this round's part of the candidate pool.
 */
public final class SampleStage implements Stage {
    /** The stage's name. */
    public static final String NAME = "sample";
    /** Where the candidates are. */
    public static final Table CANDIDATES = new Table(NAME + "/candidates", CandidateTable.CANDIDATES);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public StageReport run(StageContext context) throws IOException {
        RejectionSamplingRecipe sampling = context.recipe().rejectionSampling();
        long seed = context.recipe().seed();
        Dataset<Row> prompts = Fanout.choose(
                context.read(TokeniseStage.PROMPTS).filter("not held_out"),
                sampling.prompts(),
                Seeds.mix(seed, sampling.newPrompts() ? context.round() : 1));
        new Fanout(Encodings.of(context), context.progress())
                .sample(
                        prompts,
                        Policies.before(context),
                        sampling.weights(),
                        draw(
                                seed,
                                context.round(),
                                sampling,
                                sampling.samplesPerPrompt(),
                                List.of(TemperatureStage.chosen(context))),
                        context.inRun(NAME),
                        context.path(CANDIDATES));
        return report(context.read(CANDIDATES));
    }

    static SampleTask.Drawing draw(
            long seed, int round, RejectionSamplingRecipe sampling, int samples, List<Double> temperatures) {
        return new SampleTask.Drawing(
                seed,
                round,
                samples,
                temperatures,
                sampling.topP(),
                sampling.topK(),
                sampling.repetitionPenalty(),
                sampling.maxNewTokens(),
                sampling.stop());
    }

    private static StageReport report(Dataset<Row> candidates) {
        Row row = candidates
                .agg(
                        functions.countDistinct("prompt_id"),
                        functions.count("*"),
                        functions.sum(functions.size(functions.col("tokens"))),
                        functions.avg(functions.expr("if(finish_reason in ('EOS', 'STOP'), 1.0, 0.0)")))
                .first();
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("prompts", row.getLong(0));
        figures.put("candidates", row.getLong(1));
        figures.put("tokens", row.getLong(2));
        figures.put("finished_share", row.<Number>getAs(3).doubleValue());
        return new StageReport(figures);
    }
}
