package org.hone.spark.training;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.hone.spark.fixture.Manifests;
import org.hone.spark.shard.ShardManifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class CheckpointsTest {
    private static final LossCurve CURVE = new LossCurve(List.of(new LossCurve.Point(1, 5.5, 0, 1.25, 1e-3)));
    private static final String WEIGHTS = "weights.safetensors";

    @TempDir
    private Path folder;

    private Checkpoints checkpoints() {
        return checkpoints(1, 2, Manifests.of(0, 1));
    }

    private Checkpoints checkpoints(int ranks, long seed, ShardManifest manifest) {
        return new Checkpoints(TrainedModel.job(folder.resolve("checkpoints").toString(), ranks, seed, manifest));
    }

    private Path at(long step) {
        return folder.resolve("checkpoints/step-00000000000" + step);
    }

    private void save(long... steps) throws IOException {
        try (TrainedModel trained = new TrainedModel(1).step(0.5)) {
            for (long step : steps) {
                checkpoints().save(step, trained.flat(), trained.optimizer(), CURVE, true);
            }
        }
    }

    @Test
    void trainingGoesOnAsIfNothingHadHappened() throws IOException {
        try (TrainedModel trained = new TrainedModel(1).step(0.5).step(-2);
                TrainedModel restored = new TrainedModel(9).step(7)) {
            assertThat(restored.fingerprint()).isNotEqualTo(trained.fingerprint());
            checkpoints().save(2, trained.flat(), trained.optimizer(), CURVE, true);
            Checkpoints.State state = checkpoints().restore(2, restored.flat(), restored.optimizer());
            assertThat(state.step()).isEqualTo(2);
            assertThat(state.curve()).isEqualTo(CURVE);
            assertThat(restored.fingerprint()).isEqualTo(trained.fingerprint());
            assertThat(restored.optimizer().steps()).isEqualTo(2);
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
                .contains("exp_avg.safetensors: found " + (whole.length - 100) + " bytes, it was written as ");
        Files.delete(at(4).resolve(WEIGHTS));
        assertThat(checkpoints().damage(4)).startsWith(WEIGHTS + ": found nothing, it was written as ");
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
