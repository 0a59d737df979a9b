package org.hone.spark.stage;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import org.hone.spark.pool.RewardCurves;
import org.hone.spark.run.StageReport;
import org.hone.spark.shard.ShardWriter;
import org.hone.spark.table.CandidateTable;
import org.hone.spark.table.Table;
import org.hone.spark.table.TokenTables;
import org.hone.spark.tokenise.SelectedExamples;

/**
 * The best of K becomes the new gold response (recipe section 7): of every prompt's candidates the one with
 * the highest reward; of equals the one that was sampled first. It is trained on as it was sampled: one cut
 * off by the length limit has no EOS and teaches none; one that a stop text ended teaches EOS in its place.
 */
public final class SelectStage implements Stage {
    /** The stage's name. */
    public static final String NAME = "select";
    /** The selected responses with their lineage and rewards. */
    public static final Table SELECTED = new Table(NAME + "/selected", CandidateTable.SCORED);
    /** The same as fine-tuning shards. */
    public static final Table EXAMPLES = new Table(NAME + "/examples", TokenTables.EXAMPLES);

    /** Maximum, median and mean reward by how many responses are drawn. */
    public static final Table CURVES = new Table(NAME + "/curves", RewardCurves.SCHEMA);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public StageReport run(StageContext context) throws IOException {
        Dataset<Row> scored = context.read(ScoreStage.SCORED);
        var best = Window.partitionBy("prompt_id").orderBy(functions.desc("reward"), functions.asc("sample"));
        scored.withColumn("rank", functions.row_number().over(best))
                .filter("rank = 1")
                .drop("rank")
                .write()
                .parquet(context.path(SELECTED));
        RewardCurves.of(scored).coalesce(1).write().parquet(context.path(CURVES));
        Dataset<Row> selected = context.read(SELECTED);
        ShardWriter.write(
                selected.filter("size(tokens) > 0")
                        .mapPartitions(new SelectedExamples(Encodings.of(context)), Encoders.row(TokenTables.EXAMPLES)),
                Encodings.target(context, EXAMPLES));
        return report(scored, selected);
    }

    private static StageReport report(Dataset<Row> scored, Dataset<Row> selected) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("selected", selected.count());
        Row byPrompt = scored.groupBy("prompt_id")
                .agg(
                        functions.max("reward").as("max"),
                        functions.expr("percentile(reward, 0.5)").as("median"))
                .agg(functions.avg("max"), functions.avg("median"))
                .first();
        figures.put(
                "mean_reward_of_all",
                scored.agg(functions.avg("reward")).first().getDouble(0));
        figures.put("mean_of_median_reward", byPrompt.getDouble(1));
        figures.put("mean_of_max_reward", byPrompt.getDouble(0));
        return new StageReport(figures);
    }
}
