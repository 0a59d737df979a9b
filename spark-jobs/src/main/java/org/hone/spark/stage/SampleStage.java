package org.hone.spark.stage;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.hone.spark.recipe.RejectionSamplingRecipe;
import org.hone.spark.run.StageReport;
import org.hone.spark.sampling.Fanout;
import org.hone.spark.sampling.SampleTask;
import org.hone.spark.table.CandidateTable;
import org.hone.spark.table.Table;

/** K responses a training prompt from the fine-tuned policy (recipe section 7). */
public final class SampleStage implements Stage {
    /** The stage's name. */
    public static final String NAME = "sample";
    /** Where the candidates are. */
    public static final Table CANDIDATES = new Table(NAME + "/candidates", CandidateTable.CANDIDATES);

    private static final int FIRST_ROUND = 1;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public StageReport run(StageContext context) throws IOException {
        RejectionSamplingRecipe sampling = context.recipe().rejectionSampling();
        long seed = context.recipe().seed();
        Dataset<Row> prompts =
                Fanout.choose(context.read(TokeniseStage.PROMPTS).filter("not held_out"), sampling.prompts(), seed);
        new Fanout(Encodings.of(context), context.progress())
                .sample(
                        prompts,
                        context.path(SftStage.POLICY),
                        sampling.weights(),
                        draw(seed, FIRST_ROUND, sampling, sampling.samplesPerPrompt()),
                        NAME,
                        context.path(CANDIDATES));
        return report(context.read(CANDIDATES));
    }

    static SampleTask.Drawing draw(long seed, int round, RejectionSamplingRecipe sampling, int samples) {
        return new SampleTask.Drawing(
                seed,
                round,
                samples,
                sampling.temperature(),
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
