package org.hone.model.llama;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.RawBytes;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;

/** Named weights in a fixed order: their shapes, their first values, and the check that a set of tensors is a model. */
final class Parameters {
    private static final int PIECE_BYTES = 1 << 20;

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

    /** Checks names and shapes, and takes the tensors over, in the order of the shapes; as leaves that require gradients if they can. */
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
        adopted.values()
                .forEach(tensor ->
                        tensor.keep().requiresGradient(tensor.dataType().isFloatingPoint()));
        return Collections.unmodifiableMap(adopted);
    }

    static Tensor named(Map<String, Tensor> tensors, String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("the weight " + name + " is missing");
        }
        return tensor;
    }

    /**
     * Ones for norms, normal(0, deviation) for matrices, from one seeded stream in the order of the shapes. A matrix is filled
     * in pieces: the largest of a 70B model would take a gigabyte of Java heap.
     */
    static Map<String, Tensor> random(Map<String, long[]> shapes, Random random, double deviation, Device device) {
        Map<String, Tensor> made = new LinkedHashMap<>();
        shapes.forEach((name, shape) -> made.put(name, Memory.tidy(() -> {
            Tensor tensor = shape.length == 1
                    ? Tensors.full(1, DataType.FLOAT32, Device.cpu(), shape)
                    : Tensors.empty(DataType.FLOAT32, Device.cpu(), shape);
            if (shape.length > 1) {
                fill(tensor, random, deviation);
            }
            return tensor.to(device).keep();
        })));
        return made;
    }

    private static void fill(Tensor tensor, Random random, double deviation) {
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES).order(ByteOrder.nativeOrder());
        long size = RawBytes.size(tensor);
        for (long offset = 0; offset < size; offset += PIECE_BYTES) {
            piece.clear().limit((int) Math.min(PIECE_BYTES, size - offset));
            while (piece.hasRemaining()) {
                piece.putFloat((float) (deviation * random.nextGaussian()));
            }
            RawBytes.write(tensor, offset, piece.flip());
        }
    }
}
