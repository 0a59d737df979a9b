package org.hone.spark.stage;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
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
import org.hone.spark.session.Together;
import org.hone.spark.shard.ShardTarget;
import org.hone.spark.shard.ShardWriter;
import org.hone.spark.table.CandidateTable;
import org.hone.spark.table.Columns;
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
        Dataset<Row> fresh = Pool.scored(context.readRoundSoFar(SampleStage.CANDIDATES), scores)
                .persist(StorageLevel.DISK_ONLY());
        Dataset<Row> pool = recipe.from() == SelectionRecipe.Source.LAST_ROUND
                ? fresh
                : Pool.scored(context.readSoFar(SampleStage.CANDIDATES), scores);
        Encoding encoding = Encodings.of(context);
        ShardTarget shards = Encodings.target(context, EXAMPLES);
        Map<String, Object> figures = new LinkedHashMap<>();
        Together.<Map<String, Object>>of(List.of(
                        () -> select(pool, recipe, context.path(SELECTED), encoding, shards),
                        () -> sampled(context, fresh)))
                .forEach(figures::putAll);
        fresh.unpersist();
        return new StageReport(figures);
    }

    /** Selects, writes what is selected as a table and as shards, and says how many, of which rounds, and their mean reward. */
    static Map<String, Object> select(
            Dataset<Row> pool, SelectionRecipe recipe, String path, Encoding encoding, ShardTarget shards)
            throws IOException {
        Selection.of(pool, recipe).write().parquet(path);
        Dataset<Row> selected =
                pool.sparkSession().read().schema(SELECTED.schema()).parquet(path);
        Map<String, Object> figures = figures(selected);
        if (figures.isEmpty()) {
            throw new IllegalArgumentException("select: no candidate was selected; lower select.least-reward ("
                    + recipe.leastReward() + ") or sample more");
        }
        ShardWriter.write(
                selected.mapPartitions(new SelectedExamples(encoding), Encoders.row(TokenTables.EXAMPLES)), shards);
        return figures;
    }

    /** Of the selected responses; nothing if there is none. */
    private static Map<String, Object> figures(Dataset<Row> selected) {
        List<Row> rounds = selected.groupBy("round")
                .agg(functions.count("*"), Columns.exactSum(functions.col("reward")))
                .orderBy("round")
                .collectAsList();
        if (rounds.isEmpty()) {
            return Map.of();
        }
        long count = rounds.stream().mapToLong(row -> row.getLong(1)).sum();
        double reward = rounds.stream().mapToDouble(row -> row.getDouble(2)).sum();
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("selected", count);
        rounds.forEach(row -> figures.put("selected of v" + row.getInt(0), row.getLong(1)));
        figures.put("mean_reward_of_selected", reward / count);
        return figures;
    }

    /** The curves of what the round sampled, and its means. */
    private static Map<String, Object> sampled(StageContext context, Dataset<Row> fresh) {
        RewardCurves.of(fresh).coalesce(1).write().parquet(context.path(CURVES));
        Row means = fresh.groupBy("prompt_id")
                .agg(
                        functions.max("reward").as("max"),
                        functions.expr("percentile(reward, 0.5)").as("median"),
                        Columns.exactSum(functions.col("reward")).as("sum"),
                        functions.count("*").as("count"))
                .agg(
                        functions.avg("max"),
                        functions.avg("median"),
                        Columns.exactSum(functions.col("sum")),
                        functions.sum("count"))
                .first();
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("mean_reward_of_all", means.getDouble(2) / means.getLong(3));
        figures.put("mean_of_median_reward", means.getDouble(1));
        figures.put("mean_of_max_reward", means.getDouble(0));
        return figures;
    }
}
