package org.hone.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.hone.model.llama.Llama;
import org.hone.model.llama.Network;
import org.hone.model.llama.RewardModel;
import org.hone.model.llama.TokenBatch;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.InPlace;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

/** Folders that transformers wrote (src/test/python/checkpoints.py), and those that Hone writes. */
class HuggingFaceFolderTest {
    @TempDir
    private Path temporary;

    private static Path fixture(String name) {
        try {
            return Path.of(Objects.requireNonNull(HuggingFaceFolderTest.class.getResource("/checkpoint"))
                            .toURI())
                    .resolve(name);
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A copy of a fixture that a test may spoil. */
    private Path copy(String name) throws IOException {
        Path target = Files.createDirectory(temporary.resolve(name));
        try (Stream<Path> files = Files.list(fixture(name))) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
        return target;
    }

    private static void replace(Path file, String from, String to) throws IOException {
        String text = Files.readString(file);
        assertThat(text).contains(from);
        Files.writeString(file, text.replace(from, to));
    }

    private static JsonNode expected() throws IOException {
        return new ObjectMapper().readTree(Files.readAllBytes(fixture("expected.json")));
    }

    private static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) array.get(i).doubleValue();
        }
        return values;
    }

    private static float[] output(Network model) throws IOException {
        float[] row = floats(expected().path("row"));
        int[] ids = new int[row.length];
        for (int t = 0; t < ids.length; t++) {
            ids[t] = (int) row[t];
        }
        TokenBatch batch = TokenBatch.of(List.<int[]>of(ids), 0);
        return Memory.withoutGradients(() -> Memory.tidy(() -> {
            if (model instanceof Llama policy) {
                return policy.logits(policy.hidden(batch)).toFloats();
            }
            return ((RewardModel) model).rewards(batch).toFloats();
        }));
    }

    private static Network load(Path folder) throws IOException {
        return HuggingFaceFolder.kind(folder) == ModelKind.POLICY
                ? HuggingFaceFolder.loadPolicy(folder, Device.cpu())
                : HuggingFaceFolder.loadRewardModel(folder, Device.cpu());
    }

    @ParameterizedTest
    @ValueSource(strings = {"policy", "sharded", "half", "reward"})
    void whatTransformersWroteHasItsNumbers(String name) throws IOException {
        try (Network model = load(fixture(name))) {
            float[] expected = floats(expected().path(name));
            assertThat(output(model)).containsExactly(expected, within(2e-5f));
            // negative control: another weight is another number
            Memory.tidy(
                    () -> InPlace.add(Objects.requireNonNull(model.parameters().get("model.norm.weight")), 0.01));
            assertThat(Math.abs(output(model)[0] - expected[0])).isGreaterThan(2e-5f);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "policy, FLOAT32, 1000000",
        "policy, FLOAT32, 5000",
        "sharded, BFLOAT16, 4096",
        "half, FLOAT16, 1",
        "reward, FLOAT32, 9000"
    })
    void whatIsWrittenComesBackToTheBit(String name, DataType dataType, long shardBytes) throws IOException {
        Path folder = temporary.resolve("a/b/written");
        SaveOptions options =
                SaveOptions.of(dataType).withMaxShardBytes(shardBytes).withSource(fixture(name));
        try (Network model = load(fixture(name))) {
            for (int time = 0; time < 2; time++) { // the second replaces the first
                if (model instanceof Llama policy) {
                    HuggingFaceFolder.savePolicy(policy, folder, options);
                } else {
                    HuggingFaceFolder.saveRewardModel((RewardModel) model, folder, options);
                }
            }
            assertThat(FolderChecksum.verify(folder)).isTrue();
            assertThat(Files.exists(folder.resolve(WeightFiles.INDEX))).isEqualTo(shardBytes < 1000000);
            try (Network read = load(folder)) {
                assertThat(read.config()).isEqualTo(model.config());
                assertThat(read.parameters())
                        .containsOnlyKeys(model.parameters().keySet());
                read.parameters()
                        .forEach((key, tensor) -> assertThat(tensor.toFloats())
                                .as(key)
                                .containsExactly(Objects.requireNonNull(
                                                model.parameters().get(key))
                                        .toFloats()));
            }
        }
        try (Stream<Path> left = Files.list(temporary.resolve("a/b"))) {
            assertThat(left).containsExactly(folder);
        }
    }

    @Test
    void theModelEndsWhereItsTokenizerDoes() throws IOException {
        Path folder = temporary.resolve("ids");
        try (Llama policy = HuggingFaceFolder.loadPolicy(fixture("policy"), Device.cpu())) {
            SaveOptions options = SaveOptions.of(DataType.FLOAT32);
            HuggingFaceFolder.savePolicy(
                    policy, folder, options.withControlTokens(new SaveOptions.ControlTokens(128_000, 128_009)));
            for (String file : List.of("config.json", "generation_config.json")) {
                assertThat(Json.read(folder.resolve(file)).get("bos_token_id").intValue())
                        .isEqualTo(128_000);
                assertThat(Json.read(folder.resolve(file)).get("eos_token_id").intValue())
                        .isEqualTo(128_009);
            }
            HuggingFaceFolder.savePolicy(policy, folder, options);
            assertThat(Json.read(folder.resolve("config.json"))
                            .get("eos_token_id")
                            .intValue())
                    .as("Llama 2's")
                    .isEqualTo(2);
        }
    }

    @Test
    void readOnlyFoldersLoadAndFilesAreNeverChanged() throws IOException {
        Path folder = copy("policy");
        Path file = folder.resolve(WeightFiles.SINGLE);
        byte[] before = Files.readAllBytes(file);
        assertThat(file.toFile().setReadOnly()).isTrue();
        assertThat(folder.toFile().setReadOnly()).isTrue();
        try (Llama policy = HuggingFaceFolder.loadPolicy(folder, Device.cpu())) {
            policy.parameters().values().forEach(InPlace::zero);
        } finally {
            assertThat(folder.toFile().setWritable(true)).isTrue();
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void weightsInOtherTypesAreConverted() throws IOException {
        try (Llama policy = HuggingFaceFolder.loadPolicy(fixture("sharded"), Device.cpu(), DataType.BFLOAT16)) {
            assertThat(policy.parameters().values())
                    .extracting(Tensor::dataType)
                    .containsOnly(DataType.BFLOAT16);
        }
    }

    @Test
    void damagedFilesAreRefused() throws IOException {
        Path folder = temporary.resolve("written");
        try (Llama policy = HuggingFaceFolder.loadPolicy(fixture("policy"), Device.cpu())) {
            HuggingFaceFolder.savePolicy(policy, folder, DataType.FLOAT32);
        }
        Path file = folder.resolve(WeightFiles.SINGLE);
        byte[] bytes = Files.readAllBytes(file);
        byte[] altered = bytes.clone();
        altered[bytes.length - 9] ^= 1;
        Files.write(file, altered);
        refused(folder, "altered: SHA-256");
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 4));
        refused(folder, "truncated: " + bytes.length + " bytes expected, " + (bytes.length - 4) + " found");
        Files.delete(folder.resolve(FolderChecksum.MANIFEST)); // the file itself still tells
        refused(folder, "truncated");
        Files.delete(file);
        refused(folder, "model.safetensors");
    }

    private static void refused(Path folder, String message) {
        long before = Memory.liveTensors();
        assertThatThrownBy(() -> HuggingFaceFolder.loadPolicy(folder, Device.cpu()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(folder.getFileName().toString())
                .hasMessageContaining(message);
        assertThatThrownBy(() -> HuggingFaceFolder.checkPolicy(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(message);
        assertThat(Memory.liveTensors()).isEqualTo(before);
    }

    @Test
    void weightsThatDoNotFitAreAllNamed() throws IOException {
        Path folder = copy("policy");
        Path config = folder.resolve("config.json");
        replace(config, "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1");
        refused(folder, "unexpected model.layers.1.");
        replace(config, "\"num_hidden_layers\": 1", "\"num_hidden_layers\": 3");
        refused(folder, "missing model.layers.2.");
        replace(config, "\"num_hidden_layers\": 3", "\"num_hidden_layers\": 2");
        replace(config, "\"vocab_size\": 32", "\"vocab_size\": 33");
        refused(folder, "model.embed_tokens.weight has shape [32, 16], expected [33, 16]");
        replace(config, "\"vocab_size\": 33", "\"vocab_size\": 32");
        replace(config, "\"tie_word_embeddings\": true", "\"tie_word_embeddings\": false");
        refused(folder, "missing lm_head.weight");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"model_type\": \"llama\"|\"model_type\": \"mistral\"|model_type: found mistral, Hone runs llama only",
                "\"attention_bias\": false|\"attention_bias\": true|attention_bias: found true, a Llama has no biases",
                "\"mlp_bias\": false|\"mlp_bias\": true|mlp_bias: found true",
                "\"hidden_act\": \"silu\"|\"hidden_act\": \"gelu\"|hidden_act: found gelu, Hone runs silu only",
                "\"default\"|\"yarn\"|rope_parameters.rope_type: found yarn, Hone runs default, linear, dynamic and llama3",
                "\"LlamaForCausalLM\"|\"LlamaForTokenClassification\"|architectures: found",
                "\"hidden_size\": 16,|\"hidden_size\": \"16\",|hidden_size: found \"16\", expected a whole number",
                "\"hidden_size\": 16,||hidden_size is missing",
                "\"num_key_value_heads\": 2|\"num_key_value_heads\": 3|num_key_value_heads: 3 does not divide",
                "\"vocab_size\": 32|\"vocab_size\": 32, \"quantization_config\": {}|quantization_config: Hone runs",
                "\"vocab_size\": 32|\"vocab_size\": 32,|is not valid JSON"
            })
    void whatHoneDoesNotRunIsRefused(String from, String to, String message) throws IOException {
        Path folder = copy("policy");
        replace(folder.resolve("config.json"), from, to == null ? "" : to);
        refused(folder, message);
    }

    @Test
    void policiesAndRewardModelsCannotStandInForEachOther() throws IOException {
        refused(fixture("reward"), "holds a LlamaForSequenceClassification, and a LlamaForCausalLM is wanted");
        assertThatThrownBy(() -> HuggingFaceFolder.loadRewardModel(fixture("policy"), Device.cpu()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("holds a LlamaForCausalLM");
        refused(temporary.resolve("nowhere"), "no such folder");
    }

    @Test
    void shardsAndIndexMustAgree() throws IOException {
        Path folder = copy("sharded");
        Path index = folder.resolve(WeightFiles.INDEX);
        replace(index, "model-00001-of-00004", "../model-00001-of-00004");
        refused(folder, "is not a file of this folder");
        replace(index, "../model-00001-of-00004", "model-00009-of-00004");
        refused(folder, "model-00009-of-00004.safetensors");
        replace(index, "model-00009-of-00004", "model-00002-of-00004");
        refused(folder, "which has no such tensor");
    }

    @Test
    void filesOfOthersAreNotReplaced() throws IOException {
        Path folder = copy("policy");
        List<Path> before = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.forEach(before::add);
        }
        try (Llama policy = HuggingFaceFolder.loadPolicy(folder, Device.cpu())) {
            assertThatThrownBy(() -> HuggingFaceFolder.savePolicy(policy, folder, DataType.FLOAT32))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("holds files that Hone did not write");
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrderElementsOf(before);
        }
        assertThatThrownBy(() -> SaveOptions.of(DataType.INT64))
                .hasMessage("data type: found INT64, weights are written as FLOAT32, BFLOAT16 or FLOAT16");
    }

    /** transformers 4 and 5 write the rotary embedding in different places. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|10000|None[]",
                "{'rope_theta': 5e5}|500000|None[]",
                "{'rope_theta': 5e5, 'rope_scaling': null}|500000|None[]",
                "{'rope_theta': 1e4, 'rope_scaling': {'type': 'linear', 'factor': 2}}|10000|Linear[factor=2.0]",
                "{'rope_scaling': {'rope_type': 'dynamic', 'factor': 3.0}}|10000|Dynamic[factor=3.0]",
                "{'rope_parameters': {'rope_type': 'default', 'rope_theta': 7.0}}|7|None[]",
                "{'rope_parameters': {'rope_type': 'llama3', 'rope_theta': 5e5, 'factor': 8, 'low_freq_factor': 1,"
                        + " 'high_freq_factor': 4, 'original_max_position_embeddings': 32}}|500000|Llama3[factor=8.0,"
                        + " lowFrequencyFactor=1.0, highFrequencyFactor=4.0, originalContext=32]"
            })
    void rotaryEmbeddingsOfOldAndNewFiles(String json, double theta, String scaling) throws IOException {
        RopeFields read = rope(json);
        assertThat(read.theta()).isEqualTo(theta);
        assertThat(read.scaling()).hasToString(scaling);
        ObjectNode written = Json.object();
        read.write(written);
        assertThat(RopeFields.read(new ConfigFields(written), 64)).isEqualTo(read);
    }

    private static RopeFields rope(String json) throws IOException {
        byte[] text = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return RopeFields.read(new ConfigFields(Json.parse(Path.of("x"), "it", text)), 64);
    }

    @Test
    void aRotaryEmbeddingThatContradictsItselfIsRefused() {
        assertThatThrownBy(() -> rope("{'rope_theta': 1.0, 'rope_parameters': {'rope_theta': 2.0}}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rope_theta: found 1.0, and 2.0 in rope_parameters");
        assertThatThrownBy(() -> rope("{'rope_parameters': {'partial_rotary_factor': 0.5}}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("partial_rotary_factor: found 0.5");
    }
}
