package org.hone.model.parity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.hone.model.llama.LlamaConfig;
import org.hone.model.llama.RopeScaling;
import org.hone.model.llama.TokenBatch;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;

/** Numbers that src/test/python/parity.py wrote. */
record Reference(JsonNode json) {
    static Reference read(String name) {
        try (InputStream stream =
                Objects.requireNonNull(Reference.class.getResourceAsStream("/parity/" + name + ".json"))) {
            return new Reference(new ObjectMapper().readTree(stream));
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    Reference at(String key) {
        return new Reference(Objects.requireNonNull(json.get(key), key));
    }

    Reference at(int index) {
        return new Reference(Objects.requireNonNull(json.get(index)));
    }

    double number() {
        return json.asDouble();
    }

    /** An array of numbers, as JSON or in base64. */
    float[] floats() {
        if (json.isArray()) {
            float[] values = new float[json.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) json.get(i).asDouble();
            }
            return values;
        }
        ByteBuffer bytes =
                ByteBuffer.wrap(Base64.getDecoder().decode(at("data").json.asText()));
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }

    int[] ints() {
        return StreamSupport.stream(json.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }

    List<int[]> rows() {
        return StreamSupport.stream(json.spliterator(), false)
                .map(row -> new Reference(row).ints())
                .toList();
    }

    Map<String, float[]> named() {
        Map<String, float[]> arrays = new LinkedHashMap<>();
        json.properties().forEach(field -> arrays.put(field.getKey(), new Reference(field.getValue()).floats()));
        return arrays;
    }

    /** The tensors under this node, kept. */
    Map<String, Tensor> tensors() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Memory.tidy(() -> json.properties().forEach(field -> {
            Reference array = new Reference(field.getValue());
            long[] shape = StreamSupport.stream(array.at("shape").json.spliterator(), false)
                    .mapToLong(JsonNode::asLong)
                    .toArray();
            tensors.put(field.getKey(), Tensors.of(array.floats(), shape).keep());
        }));
        return tensors;
    }

    /** Which of the padded batch's tokens are trained, from the 0/1 rows under this node. */
    boolean[] mask(TokenBatch batch) {
        boolean[] mask = new boolean[batch.ids().length];
        List<int[]> rows = rows();
        for (int row = 0; row < rows.size(); row++) {
            for (int t = 0; t < rows.get(row).length; t++) {
                mask[row * batch.length() + t] = rows.get(row)[t] == 1;
            }
        }
        return mask;
    }

    LlamaConfig config() {
        return new LlamaConfig(
                json.get("vocab_size").asInt(),
                json.get("hidden_size").asInt(),
                json.get("intermediate_size").asInt(),
                json.get("num_hidden_layers").asInt(),
                json.get("num_attention_heads").asInt(),
                json.get("num_key_value_heads").asInt(),
                json.get("head_dim").asInt(),
                json.get("max_position_embeddings").asInt(),
                json.get("rms_norm_eps").asDouble(),
                json.get("rope_parameters").get("rope_theta").asDouble(),
                scaling(json.get("rope_parameters")),
                json.get("tie_word_embeddings").asBoolean());
    }

    private static RopeScaling scaling(JsonNode rope) {
        String type = rope.get("rope_type").asText();
        return switch (type) {
            case "default" -> new RopeScaling.None();
            case "linear" -> new RopeScaling.Linear(rope.get("factor").asDouble());
            case "dynamic" -> new RopeScaling.Dynamic(rope.get("factor").asDouble());
            case "llama3" ->
                new RopeScaling.Llama3(
                        rope.get("factor").asDouble(),
                        rope.get("low_freq_factor").asDouble(),
                        rope.get("high_freq_factor").asDouble(),
                        rope.get("original_max_position_embeddings").asInt());
            default -> throw new IllegalArgumentException(type);
        };
    }

    /** The largest distance, as a part of the largest reference number. */
    static double relativeDistance(Map<String, float[]> actual, Map<String, float[]> expected) {
        if (!actual.keySet().equals(expected.keySet())) {
            throw new AssertionError("names differ: " + actual.keySet() + " and " + expected.keySet());
        }
        double worst = 0;
        for (Map.Entry<String, float[]> entry : expected.entrySet()) {
            worst = Math.max(
                    worst, relativeDistance(Objects.requireNonNull(actual.get(entry.getKey())), entry.getValue()));
        }
        return worst;
    }

    static double relativeDistance(float[] actual, float[] expected) {
        if (actual.length != expected.length) {
            throw new AssertionError(actual.length + " numbers instead of " + expected.length);
        }
        double distance = 0;
        double largest = 0;
        for (int i = 0; i < actual.length; i++) {
            double difference = Math.abs((double) actual[i] - expected[i]);
            distance = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(distance, difference);
            largest = Math.max(largest, Math.abs(expected[i]));
        }
        return distance / largest;
    }

    static Map<String, float[]> read(Map<String, Tensor> tensors) {
        Map<String, float[]> arrays = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> arrays.put(name, tensor.toFloats()));
        return arrays;
    }

    static List<int[]> list(int[] row) {
        return new ArrayList<>(List.of(row));
    }
}
