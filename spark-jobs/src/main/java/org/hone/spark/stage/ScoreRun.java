package org.hone.spark.stage;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.hone.spark.recipe.ResolvedRecipe;
import org.hone.spark.run.RunFolder;
import org.hone.spark.run.StageReport;
import org.hone.spark.sampling.Fanout;
import org.hone.spark.sampling.RewardModelRef;
import org.hone.spark.session.Progress;
import org.hone.spark.table.CandidateTable;

/**
 * Scoring by itself: candidates and reward models in, scores by candidate out.
 *
 * @param pool the candidates
 * @param models the reward models, one an axis
 */
public record ScoreRun(CandidateTables pool, List<RewardModelRef> models) {
    private static final String STAGE = "score";
    private static final String SCORES = STAGE + "/scores";

    /**
     * What the scores follow from.
     *
     * @return the candidates by their tables' states, the models by their content
     */
    public ResolvedRecipe<ScoreRun> resolved() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("candidates", pool.resolved());
        for (RewardModelRef model : models) {
            values.put(
                    Axes.name(model.axis()),
                    Map.of(
                            "folder",
                            model.folder(),
                            "sha256",
                            model.hash(),
                            "template",
                            model.encoding().template(),
                            "normalised",
                            model.scale() != null));
        }
        return new ResolvedRecipe<>(this, values);
    }

    /**
     * Scores, or finds that it is done.
     *
     * @param spark the session
     * @param folder the run's folder
     * @param progress where the work shows
     * @return how many candidates, and their mean reward
     * @throws IOException if something cannot be read or written
     */
    public StageReport run(SparkSession spark, RunFolder folder, Progress progress) throws IOException {
        return RunOnce.of(spark, folder, STAGE, List.of(), List.of(), () -> {
            Fanout.score(pool.read(spark), models, progress, STAGE, CandidateTable.SCORES, folder.path(SCORES));
            Dataset<Row> scores = spark.read().schema(CandidateTable.SCORES).parquet(folder.path(SCORES));
            Row row = scores.agg(functions.count("*"), functions.avg("reward")).first();
            return new StageReport(Map.of("candidates", row.getLong(0), "mean_reward", row.getDouble(1)));
        });
    }
}
