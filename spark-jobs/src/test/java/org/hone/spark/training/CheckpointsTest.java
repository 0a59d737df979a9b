package org.hone.spark.training;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.model.distributed.Communicator;
import org.hone.model.llama.Llama;
import org.hone.model.tensor.InPlace;
import org.hone.model.training.AdamW;
import org.hone.model.training.FlatParameters;
import org.hone.model.training.Spread;
import org.hone.spark.fixture.Manifests;
import org.hone.spark.fixture.TinyModels;
import org.hone.spark.recipe.LoraRecipe;
import org.hone.spark.recipe.OptimizationRecipe;
import org.hone.spark.recipe.RankingRecipe;
import org.hone.spark.recipe.TrainingRecipe;
import org.hone.spark.shard.ShardManifest;
import org.hone.spark.tokenise.Encoding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class CheckpointsTest {
    private static final LossCurve CURVE = new LossCurve(List.of(new LossCurve.Point(1, 5.5, 0, 1.25, 1e-3)));
    private static final String WEIGHTS = "weights.safetensors";

    @TempDir
    private Path folder;

    /** A model in training: weights, and an optimiser that has made some steps with made-up gradients. */
    private static final class Trained implements AutoCloseable {
        private final Llama llama;
        private final FlatParameters flat;
        private final AdamW optimizer;

        Trained(long seed) {
            llama = TinyModels.llama(seed);
            flat = new FlatParameters(llama.parameters());
            optimizer = new AdamW(
                    flat,
                    AdamW.Settings.ofLlama2(),
                    new Spread(flat.parameters().elements(), Communicator.single()));
        }

        Trained step(double gradient) {
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
    }

    private Checkpoints checkpoints() {
        return checkpoints(1, 2, Manifests.of(0, 1));
    }

    private Checkpoints checkpoints(int ranks, long seed, ShardManifest manifest) {
        var hadoop = new SerializableConfiguration(new Configuration());
        return new Checkpoints(new TrainingJob(
                "sft",
                TrainingJob.Objective.NEXT_TOKEN,
                "none",
                "none",
                manifest,
                folder.resolve("checkpoints").toString(),
                "none",
                new Encoding("none", "plain", 64, hadoop),
                RankingRecipe.NONE,
                new OptimizationRecipe(
                        1e-2,
                        OptimizationRecipe.Schedule.CONSTANT,
                        1,
                        0,
                        0,
                        1,
                        4,
                        4,
                        0.1,
                        1,
                        0.9,
                        0.95,
                        1e-5,
                        LoraRecipe.NONE),
                new TrainingRecipe(ranks, 1, TrainingRecipe.Precision.FP32, false, 1, 2, 10),
                seed,
                null));
    }

    private Path at(long step) {
        return folder.resolve("checkpoints/step-00000000000" + step);
    }

    private void save(long... steps) throws IOException {
        try (Trained trained = new Trained(1).step(0.5)) {
            for (long step : steps) {
                checkpoints().save(step, trained.flat, trained.optimizer, CURVE, true);
            }
        }
    }

    @Test
    void trainingGoesOnAsIfNothingHadHappened() throws IOException {
        try (Trained trained = new Trained(1).step(0.5).step(-2);
                Trained restored = new Trained(9).step(7)) {
            assertThat(restored.fingerprint()).isNotEqualTo(trained.fingerprint());
            checkpoints().save(2, trained.flat, trained.optimizer, CURVE, true);
            Checkpoints.State state = checkpoints().restore(2, restored.flat, restored.optimizer);
            assertThat(state.step()).isEqualTo(2);
            assertThat(state.curve()).isEqualTo(CURVE);
            assertThat(restored.fingerprint()).isEqualTo(trained.fingerprint());
            assertThat(restored.optimizer.steps()).isEqualTo(2);
            assertThat(restored.step(1).fingerprint())
                    .as("the moments and the number of steps decide the next step")
                    .isEqualTo(trained.step(1).fingerprint());
        }
    }

    @Test
    void theNewestWholeOneCountsAndTheLastTwoStay() throws IOException {
        assertThat(checkpoints().newest()).isEmpty();
        save(1, 2, 3);
        assertThat(checkpoints().newest()).hasValue(3);
        assertThat(at(1)).doesNotExist();
        assertThat(at(2)).exists();
        Files.createDirectories(at(9)); // an executor died while it wrote this one
        Files.createDirectories(folder.resolve("checkpoints/notes"));
        assertThat(checkpoints().newest()).hasValue(3);
        Files.delete(at(3).resolve("state.json"));
        assertThat(checkpoints().newest()).hasValue(2);
    }

    @Test
    void whatIsWrongWithADamagedOneIsSaid() throws IOException {
        save(4, 5);
        assertThat(checkpoints().damage(4)).isEmpty();
        try (RandomAccessFile file = new RandomAccessFile(at(4).resolve(WEIGHTS).toFile(), "rw")) {
            file.seek(file.length() - 1);
            int last = file.read();
            file.seek(file.length() - 1);
            file.write(last ^ 1);
        }
        Path optimizer = at(5).resolve("exp_avg.safetensors");
        byte[] whole = Files.readAllBytes(optimizer);
        Files.write(optimizer, Arrays.copyOf(whole, whole.length - 100));
        assertThat(checkpoints().damage(4))
                .contains(WEIGHTS + ": found FileChecksum[size=" + Files.size(at(4).resolve(WEIGHTS)) + ", sha256=")
                .contains(", it was written as ");
        assertThat(checkpoints().damage(5))
                .contains("exp_avg.safetensors: found FileChecksum[size=" + (whole.length - 100));
        Files.delete(at(4).resolve(WEIGHTS));
        assertThat(checkpoints().damage(4)).contains("NoSuchFileException").contains("step-000000000004/" + WEIGHTS);
        Path state = at(5).resolve("state.json");
        Files.writeString(state, Files.readString(state).substring(0, 50));
        assertThat(checkpoints().damage(5)).contains("Unexpected end-of-input");
    }

    @Test
    void aDamagedOneDoesNotCountOnceItIsSetAside() throws IOException {
        save(4, 5);
        checkpoints().setAside(5, "torn");
        assertThat(checkpoints().newest()).hasValue(4);
        assertThat(checkpoints().setAside()).isEqualTo(Map.of(5L, "torn"));
        save(5);
        assertThat(checkpoints().newest()).hasValue(5);
        assertThat(checkpoints().damage(5)).isEmpty();
    }

    @Test
    void anotherRunIsRefusedKeyByKey() throws IOException {
        save(4);
        checkpoints().refuseAnotherRun();
        checkpoints(8, 2, Manifests.of(0, 1)).refuseAnotherRun();
        assertThatThrownBy(() -> checkpoints(1, 3, Manifests.of(3, 2)).refuseAnotherRun())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("checkpoints/step-000000000004 is of another run:\n")
                .hasMessageContaining("\n  rows: the checkpoint has 0, the run now 3\n")
                .hasMessageContaining("\n  rows-per-shard: the checkpoint has 1, the run now 2\n")
                .hasMessageContaining("\n  seed: the checkpoint has 2, the run now 3\n")
                .hasMessageContaining("or delete " + folder.resolve("checkpoints") + " to train from the beginning");
    }
}
