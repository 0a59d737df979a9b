package org.hone.spark.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.hone.spark.fixture.Manifests;
import org.hone.spark.metrics.HeldOutMetrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class BestWeightsTest {
    @TempDir
    private Path folder;

    private BestWeights best() {
        return new BestWeights(TrainedModel.job(folder.toString(), 1, 2, Manifests.of(0, 1)));
    }

    private Path at(long step) {
        return folder.resolve("best-00000000000" + step);
    }

    private static HeldOutMetrics heldOut(long step, double loss) {
        return new HeldOutMetrics(step, loss, null);
    }

    @Test
    void theLowestLossStaysAndOfEqualsTheFirst() throws IOException {
        try (TrainedModel trained = new TrainedModel(1);
                TrainedModel restored = new TrainedModel(9)) {
            best().offer(heldOut(1, 3), trained.flat());
            String weights = trained.step(1).fingerprint();
            best().offer(heldOut(2, 2), trained.flat());
            best().offer(heldOut(3, 2), trained.step(1).flat());
            best().offer(heldOut(4, 2.5), trained.step(1).flat());
            assertThat(best().restore(restored.flat())).isEqualTo(heldOut(2, 2));
            assertThat(restored.fingerprint()).isEqualTo(weights);
            assertThat(at(1)).doesNotExist();
            assertThat(at(3)).doesNotExist();
        }
    }

    @Test
    void damagedOnesAreRefusedAndDeletedOnesAreNone() throws IOException {
        try (TrainedModel trained = new TrainedModel(1)) {
            best().offer(heldOut(1, 3), trained.flat());
            Path weights = at(1).resolve("weights.safetensors");
            byte[] whole = Files.readAllBytes(weights);
            whole[whole.length - 1] ^= 1;
            Files.write(weights, whole);
            assertThatThrownBy(() -> best().restore(trained.flat()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("best-000000000001/weights.safetensors: found FileChecksum[")
                    .hasMessageEndingWith("delete the folder; the same command goes on,"
                            + " and if it is at its end, ends with the last weights");
            Files.writeString(at(1).resolve("best.json"), "{");
            assertThatThrownBy(() -> best().offer(heldOut(2, 2), trained.flat()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("best-000000000001/best.json: not what was written: Unexpected end-of-input")
                    .hasMessageContaining("delete the folder");
            Files.delete(at(1).resolve("best.json"));
            String last = trained.fingerprint();
            assertThat(best().restore(trained.flat())).isNull();
            assertThat(trained.fingerprint()).isEqualTo(last);
        }
    }
}
