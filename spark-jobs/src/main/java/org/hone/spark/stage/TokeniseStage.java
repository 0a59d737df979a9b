package org.hone.spark.stage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import org.hone.data.curation.SourceRole.Axis;
import org.hone.spark.recipe.Recipe;
import org.hone.spark.recipe.SourceRecipe;
import org.hone.spark.run.StageReport;
import org.hone.spark.sampling.Fanout;
import org.hone.spark.session.Together;
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
 * Preferences of this round and of all before it → token shards for fine-tuning and for the reward models, held-out comparisons,
 * and prompts. The split is by conversation: no first user turn is on both sides.
 */
public final class TokeniseStage implements Stage {
    /** The stage's name. */
    public static final String NAME = "tokenise";
    /** Fine-tuning shards: the chosen responses of the sources that may be imitated. */
    public static final Table EXAMPLES = new Table(NAME + "/examples", TokenTables.EXAMPLES);
    /** Every prompt once, training and held out. */
    public static final Table PROMPTS = new Table(NAME + "/prompts", TokenTables.PROMPTS);

    /**
     * Comparisons that a reward model is trained on, as shards.
     *
     * @param axis what it judges
     * @return the table
     */
    public static Table pairs(Axis axis) {
        return new Table(NAME + "/pairs-" + Axes.name(axis), TokenTables.PAIRS);
    }

    /**
     * Comparisons of an axis that nothing is trained on.
     *
     * @param axis what they are about
     * @return the table
     */
    public static Table heldOutPairs(Axis axis) {
        return new Table(NAME + "/held-out-pairs-" + Axes.name(axis), TokenTables.PAIRS);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public StageReport run(StageContext context) throws IOException {
        Recipe recipe = context.recipe();
        Dataset<Row> preferences = context.readSoFar(ImportStage.PREFERENCES);
        Encoding encoding = Encodings.of(context);
        Split split = new Split(recipe.seed(), recipe.preferences().heldOutFraction());

        Dataset<Row> pairs = preferences
                .mapPartitions(
                        new TokenisePairs(encoding, split, recipe.rewardModel().margin()),
                        Encoders.row(TokenTables.PAIRS))
                .persist(StorageLevel.DISK_ONLY());
        List<Together.Work<Map<String, Object>>> tables = new ArrayList<>();
        for (Axis axis : recipe.preferences().axes()) {
            tables.add(() -> comparisons(context, pairs, axis));
        }
        if (context.round() == 1) {
            // supervised fine-tuning belongs to the first round
            tables.add(() -> examples(context, demonstrations(preferences, recipe, split), encoding));
        }
        var prompts = new TokenisePrompts(
                encoding, split, recipe.rejectionSampling().maxNewTokens(), Set.copyOf(sources(recipe, Axis.SAFETY)));
        tables.add(() -> prompts(context, preferences.mapPartitions(prompts, Encoders.row(TokenTables.PROMPTS))));
        Map<String, Object> figures = new LinkedHashMap<>();
        Together.of(tables).forEach(figures::putAll);
        pairs.unpersist();
        return new StageReport(figures);
    }

    /** All training comparisons of an axis, and its share of the other's (recipe section 6: mixtures). */
    private static Map<String, Object> comparisons(StageContext context, Dataset<Row> pairs, Axis axis)
            throws IOException {
        Recipe recipe = context.recipe();
        Column isOwn = functions.col("source").isin(sources(recipe, axis).toArray());
        Dataset<Row> own = pairs.filter(isOwn);
        Map<Boolean, Long> ownByHeldOut = countByHeldOut(own);
        double share = recipe.preferences().others(axis);
        long wanted = Math.round(ownByHeldOut.getOrDefault(false, 0L) * share / (1 - share));
        Dataset<Row> others = Fanout.choose(
                pairs.filter("not held_out").filter(functions.not(isOwn)),
                (int) Math.min(wanted, Integer.MAX_VALUE),
                recipe.seed());
        ShardManifest written =
                ShardWriter.write(own.filter("not held_out").union(others), Encodings.target(context, pairs(axis)));
        own.filter("held_out").write().parquet(context.path(heldOutPairs(axis)));
        String name = Axes.name(axis);
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("training_pairs " + name, written.rows());
        figures.put("held_out_pairs " + name, ownByHeldOut.getOrDefault(true, 0L));
        figures.put("truncated_pairs " + name, written.figures().truncatedExamples());
        return figures;
    }

    private static Map<String, Object> examples(StageContext context, Dataset<Row> demonstrations, Encoding encoding)
            throws IOException {
        ShardManifest written = ShardWriter.write(
                demonstrations.mapPartitions(new TokeniseExamples(encoding), Encoders.row(TokenTables.EXAMPLES)),
                Encodings.target(context, EXAMPLES));
        return Map.of("fine_tuning_examples", written.rows());
    }

    private static Map<String, Object> prompts(StageContext context, Dataset<Row> tokenised) {
        tokenised
                .groupBy("id")
                // a prompt that is asked about help and about harm may lead to harm
                .agg(
                        functions.any_value(functions.col("prompt")).as("prompt"),
                        functions.any_value(functions.col("tokens")).as("tokens"),
                        functions.max("is_safety").as("is_safety"),
                        functions.any_value(functions.col("held_out")).as("held_out"))
                .write()
                .parquet(context.path(PROMPTS));
        Map<Boolean, Long> byHeldOut = countByHeldOut(context.read(PROMPTS));
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("training_prompts", byHeldOut.getOrDefault(false, 0L));
        figures.put("held_out_prompts", byHeldOut.getOrDefault(true, 0L));
        return figures;
    }

    private static Map<Boolean, Long> countByHeldOut(Dataset<Row> rows) {
        Map<Boolean, Long> counts = new HashMap<>();
        for (Row row : rows.groupBy("held_out").count().collectAsList()) {
            counts.put(row.getBoolean(0), row.getLong(1));
        }
        return counts;
    }

    private static List<String> sources(Recipe recipe, Axis axis) {
        return recipe.preferences().sources().stream()
                .filter(source -> source.axis() == axis)
                .map(SourceRecipe::name)
                .toList();
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
}
