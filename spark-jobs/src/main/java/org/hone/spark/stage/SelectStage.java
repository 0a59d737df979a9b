package org.hone.spark.stage;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import org.hone.spark.pool.Pool;
import org.hone.spark.pool.RewardCurves;
import org.hone.spark.pool.Selection;
import org.hone.spark.recipe.SelectionRecipe;
import org.hone.spark.run.StageReport;
import org.hone.spark.shard.ShardTarget;
import org.hone.spark.shard.ShardWriter;
import org.hone.spark.table.CandidateTable;
import org.hone.spark.table.Table;
import org.hone.spark.table.TokenTables;
import org.hone.spark.tokenise.Encoding;
import org.hone.spark.tokenise.SelectedExamples;

/**
 * The best of the pool become the new gold responses (recipe section 7). A response is trained on as it was sampled: one cut off by
 * the length limit has no EOS and teaches none; one that a stop text ended teaches EOS in its place.
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
        SelectionRecipe recipe = context.recipe().select();
        Dataset<Row> scores = context.read(ScoreStage.SCORES);
        Dataset<Row> fresh =
                Pool.scored(context.read(SampleStage.CANDIDATES), scores).persist(StorageLevel.DISK_ONLY());
        Dataset<Row> pool = recipe.from() == SelectionRecipe.Source.LAST_ROUND
                ? fresh
                : Pool.scored(context.readSoFar(SampleStage.CANDIDATES), scores);
        RewardCurves.of(fresh).coalesce(1).write().parquet(context.path(CURVES));
        Dataset<Row> selected = select(
                pool, recipe, context.path(SELECTED), Encodings.of(context), Encodings.target(context, EXAMPLES));
        StageReport report = report(fresh, selected);
        fresh.unpersist();
        return report;
    }

    /** Selects, and writes what is selected as a table and as shards. */
    static Dataset<Row> select(
            Dataset<Row> pool, SelectionRecipe recipe, String path, Encoding encoding, ShardTarget shards)
            throws IOException {
        Selection.of(pool, recipe).write().parquet(path);
        Dataset<Row> selected =
                pool.sparkSession().read().schema(SELECTED.schema()).parquet(path);
        if (selected.isEmpty()) {
            throw new IllegalArgumentException("select: no candidate was selected; lower select.least-reward ("
                    + recipe.leastReward() + ") or sample more");
        }
        ShardWriter.write(
                selected.mapPartitions(new SelectedExamples(encoding), Encoders.row(TokenTables.EXAMPLES)), shards);
        return selected;
    }

    /** How many were selected, of which rounds, and their mean reward. */
    static Map<String, Object> selectedFigures(Dataset<Row> selected) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("selected", selected.count());
        for (Row row : selected.groupBy("round").count().orderBy("round").collectAsList()) {
            figures.put("selected of v" + row.getInt(0), row.getLong(1));
        }
        figures.put(
                "mean_reward_of_selected",
                selected.agg(functions.avg("reward")).first().getDouble(0));
        return figures;
    }

    private static StageReport report(Dataset<Row> fresh, Dataset<Row> selected) {
        Row byPrompt = fresh.groupBy("prompt_id")
                .agg(
                        functions.max("reward").as("max"),
                        functions.expr("percentile(reward, 0.5)").as("median"))
                .agg(functions.avg("max"), functions.avg("median"))
                .first();
        Map<String, Object> figures = new LinkedHashMap<>(selectedFigures(selected));
        figures.put(
                "mean_reward_of_all", fresh.agg(functions.avg("reward")).first().getDouble(0));
        figures.put("mean_of_median_reward", byPrompt.getDouble(1));
        figures.put("mean_of_max_reward", byPrompt.getDouble(0));
        return new StageReport(figures);
    }
}
