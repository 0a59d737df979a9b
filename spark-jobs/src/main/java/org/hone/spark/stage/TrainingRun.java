package org.hone.spark.stage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.checkpoint.ModelKind;
import org.hone.model.llama.LlamaConfig;
import org.hone.model.random.Seeds;
import org.hone.spark.executor.LocalCopies;
import org.hone.spark.recipe.ModelRecipe;
import org.hone.spark.recipe.RecipeException;
import org.hone.spark.recipe.TrainRecipe;
import org.hone.spark.run.RunFolder;
import org.hone.spark.run.StageReport;
import org.hone.spark.run.Storage;
import org.hone.spark.session.Progress;
import org.hone.spark.session.Slots;
import org.hone.spark.shard.ShardKind;
import org.hone.spark.shard.ShardManifest;
import org.hone.spark.tokenise.Encoding;
import org.hone.spark.tokenise.EncodingIdentity;
import org.hone.spark.training.InitialModel;
import org.hone.spark.training.TrainingJob;
import org.hone.spark.training.Validation;
import org.jspecify.annotations.Nullable;

/**
 * One training stage by itself: the token shards of a data folder in, a Hugging Face folder out. Started again, it goes on
 * from its newest checkpoint, or says what it reported if it is done.
 */
public final class TrainingRun {
    private final SparkSession spark;
    private final TrainRecipe.Kind kind;
    private final TrainRecipe recipe;
    private final Configuration hadoop;

    /**
     * A run by a recipe.
     *
     * @param spark the session
     * @param kind what is trained
     * @param recipe the recipe
     */
    public TrainingRun(SparkSession spark, TrainRecipe.Kind kind, TrainRecipe recipe) {
        this.spark = spark;
        this.kind = kind;
        this.recipe = recipe;
        this.hadoop = spark.sparkContext().hadoopConfiguration();
    }

    /**
     * Trains, goes on training, or finds that it is done.
     *
     * @param folder the run's folder
     * @param progress where the work shows
     * @return ranks, steps, losses, speed, and the hash of the weights
     * @throws IOException if something cannot be read or written
     * @throws RecipeException if model, tokenizer and shards do not fit together; nothing was started then
     */
    public StageReport run(RunFolder folder, Progress progress) throws IOException {
        String stage = kind.command();
        List<String> checkpoints = List.of(Training.CHECKPOINTS);
        if (folder.isDone(stage)) {
            return RunOnce.done(folder, stage, checkpoints);
        }
        TrainingJob job = job(folder);
        Training.warn(job);
        List<String> kept = Stream.concat(TrainingJob.LOGS.stream(), InitialModel.FILES.stream())
                .toList();
        return RunOnce.of(spark, folder, stage, checkpoints, kept, () -> {
            ModelRecipe fresh = recipe.model();
            if (fresh != null) {
                InitialModel.write(spark, folder.path(stage), fresh, pieces(job.encoding()), recipe.seed());
            }
            return Training.run(spark, job, progress);
        });
    }

    private TrainingJob job(RunFolder folder) throws IOException {
        ShardManifest manifest = ShardManifest.read(new Storage(hadoop), recipe.shards());
        EncodingIdentity made = manifest.encoding();
        Encoding encoding = new Encoding(
                recipe.tokenizer(), made.template(), made.maxLength(), new SerializableConfiguration(hadoop));
        List<String> problems = new ArrayList<>();
        checkKind(manifest, problems);
        checkLabels(manifest, problems);
        checkTokenizer(encoding, made, problems);
        if (problems.isEmpty()) {
            checkModel(encoding, made, problems);
        }
        Validation validation = validation(manifest, problems);
        if (!problems.isEmpty()) {
            throw new RecipeException(problems);
        }
        Slots.await(
                spark.sparkContext(),
                recipe.training().ranks(),
                recipe.training().gradientLanes());
        String stage = kind.command();
        return new TrainingJob(
                stage,
                kind == TrainRecipe.Kind.REWARD_MODEL
                        ? TrainingJob.Objective.RANKING
                        : TrainingJob.Objective.NEXT_TOKEN,
                recipe.initialModel(InitialModel.folder(folder.path(stage))),
                recipe.shards(),
                manifest,
                folder.path(stage + "/" + Training.CHECKPOINTS),
                folder.path(stage + "/" + Training.MODEL),
                encoding,
                recipe.ranking(),
                recipe.optimization(),
                recipe.training(),
                Seeds.mix(recipe.seed(), Seeds.hash(stage)),
                validation);
    }

    private @Nullable Validation validation(ShardManifest trained, List<String> problems) throws IOException {
        String shards = recipe.validation().shards();
        if (shards == null) {
            return null;
        }
        ShardManifest manifest = ShardManifest.read(new Storage(hadoop), shards);
        if (manifest.kind() != trained.kind() || !manifest.encoding().equals(trained.encoding())) {
            problems.add(
                    "validation.shards: " + shards + " holds " + manifest.kind().key() + " made by "
                            + manifest.encoding() + ", the shards that are trained on hold "
                            + trained.kind().key() + " made by " + trained.encoding() + "; pack both in the same way");
        }
        return new Validation(
                shards,
                manifest,
                recipe.validation().everySteps(),
                recipe.validation().keepBest());
    }

    private void checkKind(ShardManifest manifest, List<String> problems) {
        boolean pairs = manifest.kind() == ShardKind.PAIRS;
        if (pairs != (kind == TrainRecipe.Kind.REWARD_MODEL)) {
            problems.add(
                    "shards: " + recipe.shards() + " holds " + manifest.kind().key() + "; " + kind.command()
                            + (pairs
                                    ? " learns from examples, such as the shards of sft or documents"
                                    : " learns from pairs, such as the shards of helpfulness or safety"));
        }
    }

    private void checkLabels(ShardManifest manifest, List<String> problems) {
        if (recipe.ranking().safetyLoss() > 0
                && manifest.kind() == ShardKind.PAIRS
                && !SafetyLabels.in(spark.read().parquet(recipe.shards()))) {
            problems.add("reward-model.safety-loss: " + recipe.ranking().safetyLoss() + ", but no comparison of "
                    + recipe.shards() + " says which response is safe; set it to 0, or pack comparisons that have"
                    + " safety bins");
        }
    }

    private void checkTokenizer(Encoding encoding, EncodingIdentity made, List<String> problems) {
        try {
            EncodingIdentity found = encoding.identity();
            if (!found.equals(made)) {
                problems.add("tokenizer: " + recipe.tokenizer()
                        + " is not the one that the shards were made with: found " + found + ", the shards say " + made
                        + "; give that tokenizer, or pack again with this one");
            }
        } catch (IOException | IllegalArgumentException e) {
            problems.add("tokenizer: " + e.getMessage());
        }
    }

    private int pieces(Encoding encoding) throws IOException {
        try (Tokenizer tokenizer = Tokenizer.open(LocalCopies.of(encoding.tokenizer(), hadoop))) {
            return tokenizer.vocabularySize();
        }
    }

    private LlamaConfig initialModel(Encoding encoding, List<String> problems) throws IOException {
        ModelRecipe fresh = recipe.model();
        if (fresh == null) {
            Path folder = LocalCopies.of(recipe.initialModel(""), hadoop);
            return kind == TrainRecipe.Kind.REWARD_MODEL && HuggingFaceFolder.kind(folder) == ModelKind.REWARD_MODEL
                    ? HuggingFaceFolder.checkRewardModel(folder)
                    : HuggingFaceFolder.checkPolicy(folder);
        }
        int pieces = pieces(encoding);
        LlamaConfig config = fresh.config(pieces);
        if (config.vocabularySize() < pieces) {
            problems.add("model.vocabulary-size: got " + config.vocabularySize() + ", fewer than the " + pieces
                    + " pieces of the tokenizer " + recipe.tokenizer()
                    + "; leave it out to have as many, or give at least that");
        }
        return config;
    }

    private void checkModel(Encoding encoding, EncodingIdentity made, List<String> problems) {
        try {
            LlamaConfig config = initialModel(encoding, problems);
            if (made.maxLength() > config.contextLength()) {
                problems.add(
                        "shards: rows have up to " + made.maxLength() + " tokens, more than the model's context of "
                                + config.contextLength() + "; pack again with a max-length of at most that");
            }
        } catch (IOException | IllegalArgumentException e) {
            problems.add((recipe.model() == null ? "start-from: " : "model: ") + e.getMessage());
        }
    }
}
