package org.hone.spark.stage;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.hone.model.random.Seeds;
import org.hone.spark.metrics.HeldOutMetrics;
import org.hone.spark.recipe.OptimizationRecipe;
import org.hone.spark.recipe.RankingRecipe;
import org.hone.spark.recipe.StartFrom;
import org.hone.spark.run.StageReport;
import org.hone.spark.session.Progress;
import org.hone.spark.shard.ShardManifest;
import org.hone.spark.table.Table;
import org.hone.spark.training.DistributedTrainer;
import org.hone.spark.training.RankResult;
import org.hone.spark.training.TrainingJob;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the training stages share: the job from the recipe, and its report. */
public final class Training {
    /** Where a training stage keeps its checkpoints; they go when the stage is done. */
    public static final String CHECKPOINTS = "checkpoints";

    private static final Logger LOG = LoggerFactory.getLogger(Training.class);

    /** The trained model's Hugging Face folder, in the stage's own. */
    static final String MODEL = "model";

    /**
     * What is learned.
     *
     * @param objective the loss
     * @param ranking what a reward model learns beside which response is better
     */
    public record Goal(TrainingJob.Objective objective, RankingRecipe ranking) {
        /** To predict the next token. */
        public static final Goal NEXT_TOKEN = new Goal(TrainingJob.Objective.NEXT_TOKEN, RankingRecipe.NONE);
    }

    private Training() {}

    /**
     * Trains a model, or goes on training it.
     *
     * @param context the run
     * @param stage the stage's name
     * @param goal what is learned
     * @param initialModel Hugging Face folder to start from
     * @param shards the token shards
     * @param optimization the optimiser
     * @return ranks, steps, losses, speed, and the hash of the weights
     * @throws IOException if the shards cannot be read
     */
    public static StageReport run(
            StageContext context,
            String stage,
            Goal goal,
            String initialModel,
            Table shards,
            OptimizationRecipe optimization)
            throws IOException {
        String checkpoints = context.path(stage + "/" + CHECKPOINTS);
        TrainingJob job = new TrainingJob(
                context.inRun(stage),
                goal.objective(),
                initialModel,
                context.path(shards),
                ShardManifest.read(context.folder().storage(), context.path(shards)),
                checkpoints,
                context.path(stage + "/" + MODEL),
                Encodings.of(context),
                goal.ranking(),
                optimization,
                context.recipe().training(),
                Seeds.mix(context.recipe().seed(), Seeds.hash(context.inRun(stage))),
                null);
        return run(context.spark(), job, context.progress());
    }

    /**
     * Trains a model, or goes on training it.
     *
     * @param spark the session
     * @param job all that the ranks need to know
     * @param progress where the work shows
     * @return ranks, steps, losses, speed, and the hash of the weights
     */
    static StageReport run(SparkSession spark, TrainingJob job, Progress progress) {
        return report(DistributedTrainer.run(spark, job, progress));
    }

    /** Says what a recipe can hardly have meant. */
    static void warn(TrainingJob job) {
        OptimizationRecipe optimization = job.optimization();
        long steps = job.totalSteps();
        if (optimization.warmupSteps() >= steps && optimization.warmupSteps() > 0) {
            LOG.warn(
                    "optimization.warmup-steps: {} are all of the run's {} steps, so the learning rate only rises;"
                            + " lower it, or train longer",
                    optimization.warmupSteps(),
                    steps);
        }
        if (optimization.batchSize() > job.manifest().rows()) {
            LOG.warn(
                    "optimization.batch-size: {} is more than the {} rows of the shards, so a step is an epoch; lower it",
                    optimization.batchSize(),
                    job.manifest().rows());
        }
    }

    static String startFrom(StageContext context, StartFrom startFrom) throws IOException {
        return switch (startFrom) {
            case BASE_MODEL -> context.recipe().baseModel();
            case SFT_POLICY -> Policies.ofSft(context);
            case NEWEST_POLICY -> Policies.newest(context);
        };
    }

    private static StageReport report(RankResult result) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("ranks", result.world());
        figures.put("steps", result.steps());
        figures.put("first_loss", result.firstLoss());
        figures.put("last_loss", result.lastLoss());
        figures.put("training_seconds", result.seconds());
        figures.put("tokens_per_second", result.tokensPerSecond());
        figures.put("compute_share", result.computeShare());
        HeldOutMetrics heldOut = result.heldOut();
        if (heldOut != null) {
            figures.put("held_out_loss", heldOut.loss());
            Double accuracy = heldOut.accuracy();
            if (accuracy != null) {
                figures.put("held_out_accuracy", accuracy);
            }
            figures.put("model_of_step", heldOut.step());
        }
        figures.put("weights_sha256", result.weights());
        return new StageReport(figures);
    }
}
