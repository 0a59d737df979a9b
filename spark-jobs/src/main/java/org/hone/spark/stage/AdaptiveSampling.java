package org.hone.spark.stage;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.hone.spark.pool.OpenPrompts;
import org.hone.spark.sampling.RewardModelRef;

/**
 * Samples wave by wave, each scored before the next: the first few of every prompt, then half as many again of the prompts whose
 * next sample is still expected to add what is asked for, up to K.
 *
 * @param parts where samples and scores are kept
 * @param most K
 * @param leastGain reward that a prompt's next sample must be expected to add
 * @param firstSamples samples of the first wave
 */
record AdaptiveSampling(SamplingParts parts, int most, double leastGain, int firstSamples) {
    /** Draws a wave. */
    interface Waves {
        /** Draws a prompt's samples from one number up to another, exclusive, unless they are there. */
        void sample(Dataset<Row> prompts, int first, int end) throws IOException;
    }

    /** Samples and scores, or goes on with it; says in how many waves. */
    int run(Dataset<Row> prompts, Waves waves, List<RewardModelRef> models) throws IOException {
        Dataset<Row> open = prompts;
        int wave = 0;
        for (int drawn = 0; drawn < most && !open.isEmpty(); wave++) {
            int end = Math.min(most, drawn + Math.max(firstSamples, drawn / 2));
            waves.sample(open, drawn, end);
            parts.score(wave, drawn, models);
            drawn = end;
            Dataset<Row> worth = OpenPrompts.of(parts.scores(), most)
                    .filter(functions.col("next").geq(leastGain));
            open = open.join(worth, open.col("id").equalTo(worth.col("prompt_id")), "left_semi");
        }
        return wave;
    }

    /** What was saved against K samples for every prompt, by the scores that decided on it, and what that is expected to cost. */
    Map<String, Object> savings(Dataset<Row> scores) {
        Row prompts = OpenPrompts.of(scores, most)
                .agg(functions.count("*"), functions.avg("rest"))
                .first();
        long fixed = prompts.getLong(0) * most;
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("candidates_of_fixed_k", fixed);
        figures.put("saved_share", 1 - scores.count() / (double) fixed);
        figures.put("forgone_reward", prompts.getDouble(1));
        return figures;
    }
}
