package org.hone.spark.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.model.tensor.Device;
import org.hone.spark.fixture.Manifests;
import org.hone.spark.fixture.SmallTraining;
import org.hone.spark.fixture.TinyModels;
import org.hone.spark.recipe.RankingRecipe;
import org.hone.spark.recipe.TrainingRecipe;
import org.hone.spark.tokenise.Encoding;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

final class TraineesTest {
    @TempDir
    private Path folder;

    /** The head that a reward model begins with. */
    private float[] head(long seed, @Nullable Integer headSeed, boolean zeroHead) throws IOException {
        String policy = folder.resolve("policy").toString();
        TrainingJob job = new TrainingJob(
                "reward-model",
                TrainingJob.Objective.RANKING,
                policy,
                "none",
                Manifests.of(0, 1),
                "none",
                "none",
                new Encoding(policy, "plain", 64, new SerializableConfiguration(new Configuration())),
                new RankingRecipe(0, 0, 0, false, headSeed, zeroHead),
                SmallTraining.optimization(1e-2, 1, 4),
                new TrainingRecipe(1, 1, TrainingRecipe.Precision.FP32, false, 1, 2, 10),
                seed,
                null);
        try (Trainee trainee = Trainees.load(job, Device.cpu())) {
            return Objects.requireNonNull(trainee.parameters().get("score.weight"))
                    .toFloats();
        }
    }

    @Test
    void modelsThatAreToBeAveragedBeginWithOneHead() throws IOException {
        TinyModels.policy(folder.resolve("policy"), 1);
        assertThat(head(2, 7, false)).isEqualTo(head(3, 7, false)).isNotEqualTo(head(2, 8, false));
        assertThat(head(2, null, false)).isEqualTo(head(2, null, false)).isNotEqualTo(head(3, null, false));
        assertThat(head(2, null, true)).containsOnly(0);
    }
}
