package org.hone.spark.training;

import java.io.IOException;
import java.nio.file.Path;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.llama.Llama;
import org.hone.model.llama.LowRankAdapters;
import org.hone.model.llama.Network;
import org.hone.model.llama.RewardModel;
import org.hone.model.random.Seeds;
import org.hone.model.tensor.Device;
import org.hone.spark.executor.LocalCopies;
import org.hone.spark.recipe.LoraRecipe;

/** Makes of a job's initial model what is trained. */
final class Trainees {
    private Trainees() {}

    static Trainee load(TrainingJob job, Device device) throws IOException {
        Path local = LocalCopies.of(job.initialModel(), job.hadoop().value());
        Llama llama = HuggingFaceFolder.loadPolicy(local, device);
        boolean recompute = job.training().activationCheckpointing();
        switch (job.objective()) {
            case NEXT_TOKEN -> {
                llama.computeIn(job.training().precision().dataType());
                return adapted(
                        job, local, llama, new Policy(llama, job.manifest().kind(), recompute));
            }
            case RANKING -> {
                try (llama) {
                    Integer headSeed = job.ranking().headSeed();
                    long seed = Seeds.mix(headSeed == null ? job.seed() : headSeed, Seeds.hash("reward head"));
                    RewardModel model =
                            RewardModel.inPlaceOf(llama, seed, job.ranking().safetyLoss() > 0);
                    model.computeIn(job.training().precision().dataType());
                    return adapted(job, local, model, new Ranking(model, job.ranking(), recompute));
                }
            }
        }
        throw new IllegalStateException("no trainee for " + job.objective());
    }

    private static Trainee adapted(TrainingJob job, Path local, Network network, Trainee whole) {
        LoraRecipe lora = job.optimization().lora();
        if (!lora.isUsed()) {
            return whole;
        }
        long seed = Seeds.mix(job.seed(), Seeds.hash("adapters"));
        // what is local is used where it lies; peft does not know URIs of files
        String base = job.initialModel().startsWith("file:") ? local.toString() : job.initialModel();
        return new Adapted(whole, LowRankAdapters.initialise(network, lora.settings(), seed), lora.save(), base);
    }
}
