package org.hone.spark.stage;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.hone.spark.pool.OpenPrompts;
import org.hone.spark.recipe.AdaptiveSamplingRecipe;
import org.hone.spark.sampling.RewardModelRef;
import org.hone.spark.sampling.SampleTask;

/**
 * Samples wave by wave, each scored before the next: the first few of every prompt, then half as many again of the prompts whose
 * next sample is still expected to add what the recipe asks for, up to K.
 *
 * @param parts where samples and scores are kept
 * @param recipe when a prompt has enough
 * @param most K
 * @param models the reward models
 */
record AdaptiveSampling(SamplingParts parts, AdaptiveSamplingRecipe recipe, int most, List<RewardModelRef> models) {
    /** How samples from one number up to another, exclusive, are drawn. */
    interface Draws {
        SampleTask.Drawing of(int first, int end);
    }

    /** Samples and scores, or goes on with it. */
    Map<String, Object> run(Dataset<Row> prompts, Draws draws, double leastGain) throws IOException {
        Dataset<Row> open = prompts;
        int waves = 0;
        for (int drawn = 0; drawn < most && !open.isEmpty(); waves++) {
            int end = Math.min(most, drawn + Math.max(recipe.firstSamples(), drawn / 2));
            parts.sample(open, draws.of(drawn, end));
            parts.score(waves, drawn, models);
            drawn = end;
            Dataset<Row> worth = OpenPrompts.of(parts.scores(), most)
                    .filter(functions
                            .col("next")
                            .geq(leastGain)
                            .and(functions.col("next").gt(0)));
            open = prompts.join(worth, prompts.col("id").equalTo(worth.col("prompt_id")), "left_semi");
        }
        return savings(prompts.count(), waves);
    }

    private Map<String, Object> savings(long prompts, int waves) throws IOException {
        Dataset<Row> scores = parts.scores();
        double fixed = (double) prompts * most;
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("waves", waves);
        figures.put("candidates_of_fixed_k", Math.round(fixed));
        figures.put("saved_share", 1 - scores.count() / fixed);
        figures.put(
                "forgone_reward",
                OpenPrompts.of(scores, most).agg(functions.avg("rest")).first().getDouble(0));
        return figures;
    }
}
