package org.hone.spark.stage;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.hone.spark.pool.Pool;
import org.hone.spark.recipe.ResolvedRecipe;
import org.hone.spark.recipe.SelectionRecipe;
import org.hone.spark.run.RunFolder;
import org.hone.spark.run.StageReport;
import org.hone.spark.shard.ShardTarget;
import org.hone.spark.table.CandidateTable;
import org.hone.spark.table.TableSource;
import org.hone.spark.tokenise.Encoding;

/**
 * Selection by itself: candidates and their scores in, the best of them and shards to fine-tune on out.
 *
 * @param pool the candidates
 * @param scores what one scoring thought of them; a candidate that it did not see does not take part
 * @param selection which are selected
 * @param encoding how the policy that sampled reads dialogues
 * @param seed decides the order of the shards' rows
 */
public record SelectRun(
        CandidateTables pool, TableSource scores, SelectionRecipe selection, Encoding encoding, long seed) {
    private static final String STAGE = "select";
    private static final String SELECTED = STAGE + "/selected";
    private static final String EXAMPLES = STAGE + "/examples";

    /**
     * What the selection follows from.
     *
     * @return candidates and scores by their tables' states, and how is selected
     */
    public ResolvedRecipe<SelectRun> resolved() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("candidates", pool.resolved());
        values.put("scores", Map.of("table", scores.folder(), "state", scores.state()));
        values.put("from", selection.from().name());
        values.put("per-prompt", selection.perPrompt());
        values.put("least-reward", String.valueOf(selection.leastReward()));
        values.put("top-share", selection.topShare());
        values.put("near-duplicates", selection.nearDuplicates());
        values.put("tokenizer", encoding.tokenizer());
        values.put("template", encoding.template());
        values.put("max-length", encoding.maxLength());
        values.put("seed", seed);
        return new ResolvedRecipe<>(this, values);
    }

    /**
     * Selects, or finds that it is done.
     *
     * @param spark the session
     * @param folder the run's folder
     * @return how many were selected, of which rounds, and their mean reward
     * @throws IOException if something cannot be read or written
     */
    public StageReport run(SparkSession spark, RunFolder folder) throws IOException {
        return RunOnce.of(spark, folder, STAGE, List.of(), List.of(), () -> {
            Dataset<Row> all = Pool.scored(pool.read(spark), scores.read(spark, CandidateTable.SCORES));
            Dataset<Row> candidates = all;
            if (selection.from() == SelectionRecipe.Source.LAST_ROUND) {
                Row last = all.agg(functions.max("round")).first();
                candidates = all.filter(functions.col("round").equalTo(last.get(0)));
            }
            ShardTarget target = ShardTarget.of(folder.storage(), folder.path(EXAMPLES), seed, encoding);
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("candidates", candidates.count());
            figures.putAll(SelectStage.select(candidates, selection, folder.path(SELECTED), encoding, target));
            return new StageReport(figures);
        });
    }
}
