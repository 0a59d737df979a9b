package org.hone.model.llama;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;

/** Named weights in a fixed order: their shapes, their first values, and the check that a set of tensors is a model. */
final class Parameters {
    private Parameters() {}

    /** Names and shapes of the body's weights, in the order of Hugging Face's state dictionary. */
    static Map<String, long[]> bodyShapes(LlamaConfig config) {
        long hidden = config.hiddenSize();
        long queries = (long) config.attentionHeads() * config.headSize();
        long keys = (long) config.keyValueHeads() * config.headSize();
        long wide = config.intermediateSize();
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put("model.embed_tokens.weight", new long[] {config.vocabularySize(), hidden});
        for (int layer = 0; layer < config.layers(); layer++) {
            String prefix = "model.layers." + layer + ".";
            shapes.put(prefix + "self_attn.q_proj.weight", new long[] {queries, hidden});
            shapes.put(prefix + "self_attn.k_proj.weight", new long[] {keys, hidden});
            shapes.put(prefix + "self_attn.v_proj.weight", new long[] {keys, hidden});
            shapes.put(prefix + "self_attn.o_proj.weight", new long[] {hidden, queries});
            shapes.put(prefix + "mlp.gate_proj.weight", new long[] {wide, hidden});
            shapes.put(prefix + "mlp.up_proj.weight", new long[] {wide, hidden});
            shapes.put(prefix + "mlp.down_proj.weight", new long[] {hidden, wide});
            shapes.put(prefix + "input_layernorm.weight", new long[] {hidden});
            shapes.put(prefix + "post_attention_layernorm.weight", new long[] {hidden});
        }
        shapes.put("model.norm.weight", new long[] {hidden});
        return shapes;
    }

    /** Checks names and shapes, and takes the tensors over as leaves that require gradients, in the order of the shapes. */
    static Map<String, Tensor> adopt(Map<String, long[]> shapes, Map<String, Tensor> tensors) {
        TreeSet<String> unexpected = new TreeSet<>(tensors.keySet());
        unexpected.removeAll(shapes.keySet());
        if (!unexpected.isEmpty()) {
            throw new IllegalArgumentException("the model has no weight called " + unexpected);
        }
        Map<String, Tensor> adopted = new LinkedHashMap<>();
        shapes.forEach((name, shape) -> {
            Tensor tensor = named(tensors, name);
            if (!Arrays.equals(tensor.shape(), shape)) {
                throw new IllegalArgumentException(name + ": shape " + Arrays.toString(tensor.shape())
                        + "; the configuration asks for " + Arrays.toString(shape));
            }
            adopted.put(name, tensor);
        });
        adopted.values().forEach(tensor -> tensor.keep().requiresGradient(true));
        return Collections.unmodifiableMap(adopted);
    }

    static Tensor named(Map<String, Tensor> tensors, String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("the weight " + name + " is missing");
        }
        return tensor;
    }

    /** Ones for norms, normal(0, deviation) for matrices, from one seeded stream in the order of the shapes. */
    static Map<String, Tensor> random(Map<String, long[]> shapes, Random random, double deviation, Device device) {
        Map<String, Tensor> made = new LinkedHashMap<>();
        Memory.tidy(() -> shapes.forEach((name, shape) -> {
            long elements = Arrays.stream(shape).reduce(1, Math::multiplyExact);
            float[] values = new float[Math.toIntExact(elements)];
            if (shape.length == 1) {
                Arrays.fill(values, 1);
            } else {
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) (deviation * random.nextGaussian());
                }
            }
            made.put(name, Tensors.of(values, shape).to(device).keep());
        }));
        return made;
    }
}
