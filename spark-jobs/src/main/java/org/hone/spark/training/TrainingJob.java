package org.hone.spark.training;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.spark.recipe.OptimizationRecipe;
import org.hone.spark.recipe.RankingRecipe;
import org.hone.spark.recipe.TrainingRecipe;
import org.hone.spark.shard.ShardManifest;
import org.hone.spark.tokenise.Encoding;
import org.jspecify.annotations.Nullable;

/**
 * All that the ranks of a training stage need to know.
 *
 * @param name the stage's name
 * @param objective what is learned
 * @param initialModel Hugging Face folder to start from, as a Hadoop path
 * @param shards folder of the token shards
 * @param manifest the shards' manifest
 * @param checkpoints folder of the checkpoints
 * @param output folder that the trained model is written to
 * @param encoding how the rows were tokenised; stands beside the trained model
 * @param ranking what a reward model learns beside which response is better
 * @param optimization the optimiser
 * @param training how the ranks work together
 * @param seed decides the order of the rows and a new head's weights
 * @param validation held-out rows that the run is watched by; none if it is not
 */
public record TrainingJob(
        String name,
        Objective objective,
        String initialModel,
        String shards,
        ShardManifest manifest,
        String checkpoints,
        String output,
        Encoding encoding,
        RankingRecipe ranking,
        OptimizationRecipe optimization,
        TrainingRecipe training,
        long seed,
        @Nullable Validation validation)
        implements Serializable {
    private static final String METRICS = "metrics";
    private static final String EVENTS = "tensorboard";

    /** Folders beside the model that tell of the run's steps, and that a run which goes on continues. */
    public static final List<String> LOGS = List.of(METRICS, EVENTS);

    /** What is learned from the shards. */
    public enum Objective {
        /** The next token of the response (recipe section 4). */
        NEXT_TOKEN,
        /** Which response is better (recipe section 6). */
        RANKING
    }

    /**
     * How the ranks reach the file systems.
     *
     * @return their configuration
     */
    public SerializableConfiguration hadoop() {
        return encoding.hadoop();
    }

    /**
     * The table of the run's steps: a row each.
     *
     * @return its folder
     */
    public String metrics() {
        return beside(METRICS);
    }

    /**
     * TensorBoard's event files.
     *
     * @return their folder
     */
    public String events() {
        return beside(EVENTS);
    }

    private String beside(String name) {
        return output.substring(0, output.lastIndexOf('/') + 1) + name;
    }

    /**
     * Steps of the whole run.
     *
     * @return epochs times batches an epoch
     */
    public long totalSteps() {
        long batch = optimization.batchSize();
        return optimization.epochs() * ((manifest.rows() + batch - 1) / batch);
    }
}
