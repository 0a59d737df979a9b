package org.hone.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.hone.model.llama.Llama;
import org.hone.model.llama.LowRankAdapters;
import org.hone.model.llama.Network;
import org.hone.model.llama.RewardModel;
import org.hone.model.llama.TokenBatch;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.Memory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

/** Adapters that peft wrote (src/test/python/adapters.py), and those that Hone writes. */
class AdapterFolderTest {
    private static final int[] ROW = {1, 5, 9, 2, 30, 17, 4};

    @TempDir
    private Path temporary;

    private static Path fixture(String name) {
        try {
            return Path.of(Objects.requireNonNull(AdapterFolderTest.class.getResource("/adapters"))
                            .toURI())
                    .resolve(name);
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Network base(String name) throws IOException {
        Path folder = fixture("../checkpoint/" + name);
        return HuggingFaceFolder.kind(folder) == ModelKind.POLICY
                ? HuggingFaceFolder.loadPolicy(folder, Device.cpu())
                : HuggingFaceFolder.loadRewardModel(folder, Device.cpu());
    }

    private static float[] output(Network model) {
        TokenBatch batch = TokenBatch.of(List.<int[]>of(ROW), 0);
        return Memory.withoutGradients(() -> Memory.tidy(() -> model instanceof Llama policy
                ? policy.logits(policy.hidden(batch)).toFloats()
                : ((RewardModel) model).rewards(batch).toFloats()));
    }

    private static float[] expected(String name) throws IOException {
        JsonNode numbers = new ObjectMapper()
                .readTree(Files.readAllBytes(fixture("expected.json")))
                .path(name);
        float[] values = new float[numbers.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) numbers.get(i).doubleValue();
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(strings = {"policy", "reward"})
    void whatPeftWroteHasItsNumbersBesideTheModelAndMerged(String name) throws IOException {
        float[] expected = expected(name);
        try (Network model = base(name)) {
            assertThat(Math.abs(output(model)[0] - expected[0])).isGreaterThan(1e-3f);
            try (LowRankAdapters adapters = AdapterFolder.attach(fixture(name), model)) {
                assertThat(output(model)).containsExactly(expected, within(2e-5f));
                adapters.merge();
            }
            assertThat(output(model)).containsExactly(expected, within(2e-5f));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"policy", "reward"})
    void whatIsWrittenHasPeftsNamesShapesAndBits(String name) throws IOException {
        Path folder = temporary.resolve("written");
        try (Network model = base(name);
                LowRankAdapters adapters = AdapterFolder.attach(fixture(name), model)) {
            AdapterFolder.write(adapters, "somewhere", folder);
        }
        SafetensorsFile written = SafetensorsFile.open(folder.resolve(AdapterFolder.WEIGHTS));
        SafetensorsFile theirs = SafetensorsFile.open(fixture(name).resolve(AdapterFolder.WEIGHTS));
        assertThat(written.names()).isEqualTo(theirs.names());
        Memory.tidy(() -> theirs.names().forEach(tensor -> {
            assertThat(written.shape(tensor)).isEqualTo(theirs.shape(tensor));
            assertThat(written.tensor(tensor).toFloats())
                    .isEqualTo(theirs.tensor(tensor).toFloats());
        }));
        JsonNode ours = Json.read(folder.resolve(AdapterFolder.CONFIG));
        JsonNode peft = Json.read(fixture(name).resolve(AdapterFolder.CONFIG));
        for (String key : List.of("r", "peft_type", "task_type", "bias", "use_dora", "use_rslora", "fan_in_fan_out")) {
            assertThat(ours.path(key)).as(key).isEqualTo(peft.path(key));
        }
        assertThat(ours.path("lora_alpha").doubleValue())
                .isEqualTo(peft.path("lora_alpha").doubleValue());
        assertThat(ours.path("target_modules")).containsExactlyInAnyOrderElementsOf(peft.path("target_modules"));
        assertThat(ours.path("base_model_name_or_path").textValue()).isEqualTo("somewhere");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"use_dora\": false | \"use_dora\": true | use_dora: found true, Hone runs false only",
                "\"bias\": \"none\" | \"bias\": \"all\" | bias: found \"all\", Hone runs none only",
                "\"peft_type\": \"LORA\" | \"peft_type\": \"IA3\" | peft_type: found IA3, Hone runs LORA only",
                "\"r\": 3 | \"r\": 4 | has shape [3, 16], expected [4, 16]",
                "\"q_proj\" | \"embed_tokens\" | target_modules: got embed_tokens, expected some of q_proj, k_proj"
            })
    void whatDoesNotFitIsRefused(String from, String to, String message) throws IOException {
        Path folder = Files.createDirectory(temporary.resolve("spoilt"));
        for (String file : List.of(AdapterFolder.CONFIG, AdapterFolder.WEIGHTS)) {
            Files.copy(fixture("reward").resolve(file), folder.resolve(file));
        }
        String config = Files.readString(folder.resolve(AdapterFolder.CONFIG));
        assertThat(config).contains(from);
        Files.writeString(folder.resolve(AdapterFolder.CONFIG), config.replace(from, to));
        try (Network model = base("reward")) {
            assertThatThrownBy(() -> AdapterFolder.attach(folder, model))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining(message);
        }
    }

    @Test
    void adaptersOfAnotherModelAreRefused() throws IOException {
        try (Network model = base("policy")) {
            assertThatThrownBy(() -> AdapterFolder.attach(fixture("reward"), model))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("unexpected base_model.model.score.weight")
                    .hasMessageEndingWith("Give the model that the adapters were trained beside");
        }
    }
}
