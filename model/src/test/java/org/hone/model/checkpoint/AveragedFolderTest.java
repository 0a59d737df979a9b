package org.hone.model.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.hone.model.llama.Llama;
import org.hone.model.llama.LlamaConfig;
import org.hone.model.llama.Network;
import org.hone.model.llama.RewardModel;
import org.hone.model.llama.RopeScaling;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AveragedFolderTest {
    @TempDir
    private Path temporary;

    private static LlamaConfig shape(int layers, boolean tied) {
        return new LlamaConfig(23, 16, 20, layers, 4, 2, 6, 32, 1e-5, 10000, new RopeScaling.None(), tied);
    }

    private Path policy(LlamaConfig shape, int seed) throws IOException {
        Path folder = temporary.resolve("policy-" + seed);
        try (Llama policy = Llama.initialise(shape, seed, Device.cpu())) {
            HuggingFaceFolder.savePolicy(policy, folder, DataType.FLOAT32);
        }
        return folder;
    }

    private Path rewardModel(int seed) throws IOException {
        Path folder = temporary.resolve("reward-" + seed);
        try (Llama policy = Llama.initialise(shape(2, false), seed, Device.cpu());
                RewardModel model = RewardModel.fromPolicy(policy, seed, true)) {
            HuggingFaceFolder.saveRewardModel(model, folder, DataType.FLOAT32);
        }
        return folder;
    }

    private static float[] weight(Network model, String name) {
        return Objects.requireNonNull(model.parameters().get(name)).toFloats();
    }

    private static void assertMean(Path folder, List<Path> models) throws IOException {
        try (Network mean = HuggingFaceFolder.load(folder, Device.cpu());
                Network a = HuggingFaceFolder.load(models.get(0), Device.cpu());
                Network b = HuggingFaceFolder.load(models.get(1), Device.cpu());
                Network c = HuggingFaceFolder.load(models.get(2), Device.cpu())) {
            for (String name : mean.parameters().keySet()) {
                float[] expected = weight(a, name);
                for (int i = 0; i < expected.length; i++) {
                    double sum = (double) expected[i] + weight(b, name)[i] + weight(c, name)[i];
                    expected[i] = (float) (sum * (1.0 / 3));
                }
                assertThat(weight(mean, name)).as(name).containsExactly(expected);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyWeightIsTheMean(boolean tied) throws IOException {
        List<Path> models = List.of(policy(shape(2, tied), 1), policy(shape(2, tied), 2), policy(shape(2, tied), 3));
        Path mean = temporary.resolve("mean");
        AveragedFolder.write(models, mean);
        assertMean(mean, models);
    }

    @Test
    void headsOfRewardModelsAreAveragedToo() throws IOException {
        List<Path> models = List.of(rewardModel(1), rewardModel(2), rewardModel(3));
        Path mean = temporary.resolve("mean");
        AveragedFolder.write(models, mean);
        assertMean(mean, models);
    }

    @Test
    void modelsThatDoNotFitTogetherAreRefused() throws IOException {
        Path first = policy(shape(2, false), 1);
        Path mean = temporary.resolve("mean");
        assertThatThrownBy(() -> AveragedFolder.write(List.of(first), mean)).hasMessageContaining("at least two");
        Path deeper = policy(shape(3, false), 2);
        assertThatThrownBy(() -> AveragedFolder.write(List.of(first, deeper), mean))
                .hasMessageContaining("policy-2")
                .hasMessageContaining("layers=3")
                .hasMessageContaining("layers=2");
        Path judge = rewardModel(3);
        assertThatThrownBy(() -> AveragedFolder.write(List.of(first, judge), mean))
                .hasMessageContaining("LlamaForSequenceClassification");
        Path other = policy(shape(2, false), 4);
        Files.writeString(other.resolve("tokenizer.model"), "another");
        assertThatThrownBy(() -> AveragedFolder.write(List.of(first, other), mean))
                .hasMessageContaining("its tokenizer.model is not that of");
        assertThat(mean).doesNotExist();
    }

    @Test
    void alteredWeightsAreRefused() throws IOException {
        Path first = policy(shape(2, false), 1);
        Path second = policy(shape(2, false), 2);
        Path weights = second.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 1] ^= 1;
        Files.write(weights, bytes);
        assertThatThrownBy(() -> AveragedFolder.write(List.of(first, second), temporary.resolve("mean")))
                .hasMessageContaining("policy-2")
                .hasMessageContaining("SHA-256");
    }
}
