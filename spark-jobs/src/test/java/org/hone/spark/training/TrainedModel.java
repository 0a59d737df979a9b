package org.hone.spark.training;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.model.distributed.Communicator;
import org.hone.model.llama.Llama;
import org.hone.model.tensor.InPlace;
import org.hone.model.training.AdamW;
import org.hone.model.training.FlatParameters;
import org.hone.model.training.Spread;
import org.hone.spark.fixture.SmallTraining;
import org.hone.spark.fixture.TinyModels;
import org.hone.spark.recipe.RankingRecipe;
import org.hone.spark.recipe.TrainingRecipe;
import org.hone.spark.shard.ShardManifest;
import org.hone.spark.tokenise.Encoding;

/** A model in training: weights, and an optimiser that has made some steps with made-up gradients. */
final class TrainedModel implements AutoCloseable {
    private final Llama llama;
    private final FlatParameters flat;
    private final AdamW optimizer;

    TrainedModel(long seed) {
        llama = TinyModels.llama(seed);
        flat = new FlatParameters(llama.parameters());
        optimizer = new AdamW(
                flat, AdamW.Settings.ofLlama2(), new Spread(flat.parameters().elements(), Communicator.single()));
    }

    TrainedModel step(double gradient) {
        InPlace.fill(flat.gradients(), gradient);
        optimizer.step(1e-2);
        return this;
    }

    String fingerprint() {
        return ModelOutput.fingerprint(flat);
    }

    @Override
    public void close() {
        optimizer.close();
        flat.close();
        llama.close();
    }

    FlatParameters flat() {
        return flat;
    }

    AdamW optimizer() {
        return optimizer;
    }

    /** A job that says where its checkpoints are, and little else. */
    static TrainingJob job(String checkpoints, int ranks, long seed, ShardManifest manifest) {
        var hadoop = new SerializableConfiguration(new Configuration());
        return new TrainingJob(
                "sft",
                TrainingJob.Objective.NEXT_TOKEN,
                "none",
                "none",
                manifest,
                checkpoints,
                "none",
                new Encoding("none", "plain", 64, hadoop),
                RankingRecipe.NONE,
                SmallTraining.optimization(1e-2, 1, 4),
                new TrainingRecipe(ranks, 1, TrainingRecipe.Precision.FP32, false, 1, 2, 10),
                seed,
                null);
    }
}
