package org.hone.spark.stage;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import org.hone.spark.recipe.Recipe;
import org.hone.spark.recipe.SourceRecipe;
import org.hone.spark.run.StageReport;
import org.hone.spark.shard.ShardManifest;
import org.hone.spark.shard.ShardWriter;
import org.hone.spark.table.Columns;
import org.hone.spark.table.Table;
import org.hone.spark.table.TokenTables;
import org.hone.spark.tokenise.Encoding;
import org.hone.spark.tokenise.Split;
import org.hone.spark.tokenise.TokeniseExamples;
import org.hone.spark.tokenise.TokenisePairs;
import org.hone.spark.tokenise.TokenisePrompts;

/**
 * Preferences → token shards for fine-tuning and for the reward model, held-out comparisons, and prompts.
 * The split is by conversation: no first user turn is on both sides.
 */
public final class TokeniseStage implements Stage {
    /** The stage's name. */
    public static final String NAME = "tokenise";
    /** Fine-tuning shards: the chosen responses of the sources that may be imitated. */
    public static final Table EXAMPLES = new Table(NAME + "/examples", TokenTables.EXAMPLES);
    /** Comparisons that the reward model is trained on, as shards. */
    public static final Table PAIRS = new Table(NAME + "/pairs", TokenTables.PAIRS);
    /** Comparisons that nothing is trained on. */
    public static final Table HELD_OUT_PAIRS = new Table(NAME + "/held-out-pairs", TokenTables.PAIRS);
    /** Every prompt once, training and held out. */
    public static final Table PROMPTS = new Table(NAME + "/prompts", TokenTables.PROMPTS);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public StageReport run(StageContext context) throws IOException {
        Recipe recipe = context.recipe();
        Dataset<Row> preferences = context.read(ImportStage.PREFERENCES);
        Encoding encoding = Encodings.of(context);
        Split split = new Split(recipe.seed(), recipe.preferences().heldOutFraction());

        Dataset<Row> pairs = preferences
                .mapPartitions(
                        new TokenisePairs(encoding, split, recipe.rewardModel().margin()),
                        Encoders.row(TokenTables.PAIRS))
                .persist(StorageLevel.DISK_ONLY());
        pairs.filter("held_out").write().parquet(context.path(HELD_OUT_PAIRS));
        ShardManifest training = ShardWriter.write(pairs.filter("not held_out"), Encodings.target(context, PAIRS));
        pairs.unpersist();

        ShardManifest examples = ShardWriter.write(
                demonstrations(preferences, recipe, split)
                        .mapPartitions(new TokeniseExamples(encoding), Encoders.row(TokenTables.EXAMPLES)),
                Encodings.target(context, EXAMPLES));

        preferences
                .mapPartitions(
                        new TokenisePrompts(
                                encoding, split, recipe.rejectionSampling().maxNewTokens()),
                        Encoders.row(TokenTables.PROMPTS))
                .dropDuplicates("id")
                .write()
                .parquet(context.path(PROMPTS));
        return report(context, training, examples);
    }

    /** The chosen responses of sources that may be imitated, in conversations that are not held out. */
    private static Dataset<Row> demonstrations(Dataset<Row> preferences, Recipe recipe, Split split) {
        Object[] imitated = recipe.preferences().sources().stream()
                .filter(SourceRecipe::fineTuningTarget)
                .map(SourceRecipe::name)
                .toArray();
        return preferences
                .filter(functions.col("source").isin(imitated))
                .filter((FilterFunction<Row>) row -> !split.isHeldOut(Columns.dialogue(row, "prompt")))
                .withColumnRenamed("chosen", "response");
    }

    private static StageReport report(StageContext context, ShardManifest training, ShardManifest examples) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("training_pairs", training.rows());
        Dataset<Row> heldOut = context.read(HELD_OUT_PAIRS);
        figures.put("held_out_pairs", heldOut.count());
        figures.put("fine_tuning_examples", examples.rows());
        Dataset<Row> prompts = context.read(PROMPTS);
        figures.put("training_prompts", prompts.filter("not held_out").count());
        figures.put("held_out_prompts", prompts.filter("held_out").count());
        figures.put(
                "truncated_pairs",
                context.read(PAIRS).filter("dropped_tokens > 0").count());
        return new StageReport(figures);
    }
}
