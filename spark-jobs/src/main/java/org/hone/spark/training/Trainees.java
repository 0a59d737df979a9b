package org.hone.spark.training;

import java.io.IOException;
import java.nio.file.Path;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.checkpoint.ModelKind;
import org.hone.model.llama.Llama;
import org.hone.model.llama.LowRankAdapters;
import org.hone.model.llama.Network;
import org.hone.model.llama.NewHead;
import org.hone.model.llama.RewardModel;
import org.hone.model.random.Seeds;
import org.hone.model.tensor.Device;
import org.hone.spark.executor.LocalCopies;
import org.hone.spark.recipe.LoraRecipe;
import org.hone.spark.recipe.RankingRecipe;

/** Makes of a job's initial model what is trained. */
final class Trainees {
    private Trainees() {}

    static Trainee load(TrainingJob job, Device device) throws IOException {
        Path local = LocalCopies.of(job.initialModel(), job.hadoop().value());
        boolean recompute = job.training().activationCheckpointing();
        return switch (job.objective()) {
            case NEXT_TOKEN -> {
                Llama policy = HuggingFaceFolder.loadPolicy(local, device);
                policy.computeIn(job.training().precision().dataType());
                yield adapted(
                        job, local, policy, new Policy(policy, job.manifest().kind(), recompute));
            }
            case RANKING -> {
                RewardModel model = rewardModel(job, local, device);
                model.computeIn(job.training().precision().dataType());
                yield adapted(job, local, model, new Ranking(model, job.ranking(), recompute));
            }
        };
    }

    /** A policy gets a new head; an earlier reward model keeps its own unless a new one is asked for. */
    private static RewardModel rewardModel(TrainingJob job, Path local, Device device) throws IOException {
        RankingRecipe ranking = job.ranking();
        Integer headSeed = ranking.headSeed();
        long seed = Seeds.mix(headSeed == null ? job.seed() : headSeed, Seeds.hash("reward head"));
        NewHead head = ranking.zeroHead() ? NewHead.ZERO : NewHead.random(seed);
        boolean safety = ranking.safetyLoss() > 0;
        if (HuggingFaceFolder.kind(local) == ModelKind.REWARD_MODEL) {
            boolean asked = ranking.zeroHead() || headSeed != null;
            try (RewardModel earlier = HuggingFaceFolder.loadRewardModel(local, device)) {
                return RewardModel.inPlaceOf(earlier, asked ? head : null, safety);
            }
        }
        try (Llama policy = HuggingFaceFolder.loadPolicy(local, device)) {
            return RewardModel.inPlaceOf(policy, head, safety);
        }
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
