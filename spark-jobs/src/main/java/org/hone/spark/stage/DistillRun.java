package org.hone.spark.stage;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.model.random.Seeds;
import org.hone.spark.recipe.DistillRecipe;
import org.hone.spark.recipe.RankingRecipe;
import org.hone.spark.recipe.RecipeException;
import org.hone.spark.recipe.ResolvedRecipe;
import org.hone.spark.run.RunFolder;
import org.hone.spark.run.StageReport;
import org.hone.spark.run.Storage;
import org.hone.spark.session.Progress;
import org.hone.spark.shard.ShardFigures;
import org.hone.spark.shard.ShardManifest;
import org.hone.spark.shard.ShardTarget;
import org.hone.spark.shard.ShardWriter;
import org.hone.spark.table.Table;
import org.hone.spark.table.TokenTables;
import org.hone.spark.tokenise.Encoding;
import org.hone.spark.tokenise.TokeniseResponses;
import org.hone.spark.training.TrainingJob;
import org.hone.spark.training.Validation;
import org.jspecify.annotations.Nullable;

/**
 * Distillation (recipe section 7): a student is fine-tuned on what a round of a larger policy selected. Two stages, each skipped
 * when it is done:
 *
 * <pre>
 * RUN/vN/select/selected → tokenise → distill
 * </pre>
 *
 * The student learns the responses' text, so its tokenizer and template may be its own; the large policy's tokens are not used.
 */
public final class DistillRun {
    /** The selected responses in the student's tokens. */
    static final String TOKENISE = "tokenise";
    /** The fine-tuning; its folder holds the student. */
    static final String DISTILL = "distill";
    /** What is learned. */
    static final Table EXAMPLES = new Table(TOKENISE + "/examples", TokenTables.EXAMPLES);
    /** What the run is watched by. */
    static final Table HELD_OUT = new Table(TOKENISE + "/held-out", TokenTables.EXAMPLES);

    /** In the report, the round whose selection is learned. */
    static final String ROUND = "round";
    /** In the report, a checksum of what was read of the selection. */
    static final String SELECTION_SHA256 = "selection_sha256";

    private final SparkSession spark;
    private final DistillRecipe recipe;
    private final Encoding encoding;

    private DistillRun(SparkSession spark, DistillRecipe recipe) {
        this.spark = spark;
        this.recipe = recipe;
        this.encoding = encoding(recipe, spark.sparkContext().hadoopConfiguration());
    }

    static Encoding encoding(DistillRecipe recipe, Configuration hadoop) {
        return new Encoding(
                recipe.tokenizer(), recipe.template(), recipe.maxLength(), new SerializableConfiguration(hadoop));
    }

    /**
     * Distils, goes on, or finds that it is done.
     *
     * @param spark the session
     * @param recipe the recipe
     * @param output the distillation's folder
     * @param progress where the work shows
     * @return both stages' reports, by their names
     * @throws IOException if something cannot be read or written
     * @throws RecipeException if run, student, tokenizer and rows do not fit together; nothing was started then
     */
    public static Map<String, StageReport> run(
            SparkSession spark, ResolvedRecipe<DistillRecipe> recipe, String output, Progress progress)
            throws IOException {
        Storage storage = new Storage(spark.sparkContext().hadoopConfiguration());
        // a recipe that is refused leaves no folder behind, so that the mended one can be given the same
        RunFolder started = RunFolder.isStarted(storage, output) ? RunFolder.open(storage, output, recipe) : null;
        DistillSource source = DistillPreflight.check(spark, recipe.recipe(), started);
        RunFolder folder = started != null ? started : RunFolder.open(storage, output, recipe);
        DistillRun run = new DistillRun(spark, recipe.recipe());
        Map<String, StageReport> reports = new LinkedHashMap<>();
        reports.put(
                TOKENISE,
                RunOnce.of(
                        spark,
                        folder,
                        TOKENISE,
                        List.of(),
                        List.of(),
                        () -> run.tokenise(folder, Objects.requireNonNull(source))));
        reports.put(
                DISTILL,
                RunOnce.of(
                        spark,
                        folder,
                        DISTILL,
                        List.of(Training.CHECKPOINTS),
                        TrainingJob.LOGS,
                        () -> Training.run(spark, run.job(folder), progress)));
        return reports;
    }

    private StageReport tokenise(RunFolder folder, DistillSource source) throws IOException {
        Dataset<Row> selected = source.read(spark).persist(StorageLevel.DISK_ONLY());
        try {
            return tokenise(folder, source, selected);
        } finally {
            selected.unpersist();
        }
    }

    private StageReport tokenise(RunFolder folder, DistillSource source, Dataset<Row> selected) throws IOException {
        Dataset<Row> texts = DistillSource.texts(selected);
        FilterFunction<Row> isHeldOut = DistillSource.isHeldOut(recipe);
        Dataset<Row> learned = texts.filter((FilterFunction<Row>) row -> !isHeldOut.call(row));
        long responses = selected.count();

        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put(ROUND, source.round());
        figures.put("selected", responses);
        figures.put("left_out_as_empty", responses - texts.count());
        ShardManifest examples = written(folder, EXAMPLES, learned);
        figures.put("rows", examples.rows());
        for (Row row : learned.groupBy("round").count().orderBy("round").collectAsList()) {
            figures.put("rows of v" + row.getInt(0), row.getLong(1));
        }
        figures.put("rows_without_eos", learned.filter("not finished").count());
        figures.put("truncated_rows", examples.figures().truncatedExamples());
        if (recipe.validation().heldOutFraction() > 0) {
            figures.put(
                    "held_out_rows",
                    written(folder, HELD_OUT, texts.filter(isHeldOut)).rows());
        }
        tokens(examples.figures(), figures);
        figures.put("selection", source.table());
        figures.put(SELECTION_SHA256, DistillSource.checksum(selected));
        return new StageReport(figures);
    }

    private static void tokens(ShardFigures examples, Map<String, Object> figures) {
        figures.put("tokens", examples.tokens());
        figures.put("trained_tokens", examples.trainedTokens());
        figures.put("longest_row", examples.lengths().max());
    }

    private ShardManifest written(RunFolder folder, Table table, Dataset<Row> texts) throws IOException {
        return ShardWriter.write(
                texts.mapPartitions(new TokeniseResponses(encoding), Encoders.row(TokenTables.EXAMPLES)),
                ShardTarget.of(folder.storage(), folder.path(table.name()), recipe.seed(), encoding));
    }

    private TrainingJob job(RunFolder folder) throws IOException {
        String shards = folder.path(EXAMPLES.name());
        TrainingJob job = new TrainingJob(
                DISTILL,
                TrainingJob.Objective.NEXT_TOKEN,
                recipe.startFrom(),
                shards,
                ShardManifest.read(folder.storage(), shards),
                folder.path(DISTILL + "/" + Training.CHECKPOINTS),
                folder.path(DISTILL + "/" + Training.MODEL),
                encoding,
                RankingRecipe.NONE,
                recipe.optimization(),
                recipe.training(),
                Seeds.mix(recipe.seed(), Seeds.hash(DISTILL)),
                validation(folder));
        Training.warn(job);
        return job;
    }

    private @Nullable Validation validation(RunFolder folder) throws IOException {
        if (recipe.validation().heldOutFraction() == 0) {
            return null;
        }
        String shards = folder.path(HELD_OUT.name());
        return new Validation(
                shards,
                ShardManifest.read(folder.storage(), shards),
                recipe.validation().everySteps(),
                recipe.validation().keepBest());
    }
}
