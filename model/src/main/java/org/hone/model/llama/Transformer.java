package org.hone.model.llama;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.hone.model.tensor.Elementwise;
import org.hone.model.tensor.Layers;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * The body of a Llama (recipe section 1; arXiv 2302.13971 section 2.2): token ids in, hidden states out. Shapes: B rows,
 * T tokens, H hidden size, D head size. The weights are lent; whoever has the parameters frees them.
 */
final class Transformer implements AutoCloseable {
    private record Block(
            Tensor attentionNorm,
            Tensor query,
            Tensor key,
            Tensor value,
            Tensor output,
            Tensor feedForwardNorm,
            Tensor gate,
            Tensor up,
            Tensor down) {}

    private final LlamaConfig config;
    private final RotaryEmbedding rotary;
    private final List<Block> blocks = new ArrayList<>();
    private Tensor embedding;
    private Tensor norm;

    Transformer(LlamaConfig config, Map<String, Tensor> parameters) {
        this.config = config;
        this.embedding = Parameters.named(parameters, "model.embed_tokens.weight");
        this.norm = Parameters.named(parameters, "model.norm.weight");
        this.rotary = new RotaryEmbedding(config, embedding.device());
        bind(parameters);
    }

    void bind(Map<String, Tensor> parameters) {
        embedding = Parameters.named(parameters, "model.embed_tokens.weight");
        norm = Parameters.named(parameters, "model.norm.weight");
        blocks.clear();
        for (int layer = 0; layer < config.layers(); layer++) {
            String prefix = "model.layers." + layer + ".";
            blocks.add(new Block(
                    Parameters.named(parameters, prefix + "input_layernorm.weight"),
                    Parameters.named(parameters, prefix + "self_attn.q_proj.weight"),
                    Parameters.named(parameters, prefix + "self_attn.k_proj.weight"),
                    Parameters.named(parameters, prefix + "self_attn.v_proj.weight"),
                    Parameters.named(parameters, prefix + "self_attn.o_proj.weight"),
                    Parameters.named(parameters, prefix + "post_attention_layernorm.weight"),
                    Parameters.named(parameters, prefix + "mlp.gate_proj.weight"),
                    Parameters.named(parameters, prefix + "mlp.up_proj.weight"),
                    Parameters.named(parameters, prefix + "mlp.down_proj.weight")));
        }
    }

    Tensor embedding() {
        return embedding;
    }

    /** Hidden states (B, T, H) after the final norm. */
    Tensor hidden(TokenBatch batch) {
        Tensor ids = batch.toTensor(config.vocabularySize(), embedding.device());
        return hidden(ids, rotary.of(batch), null);
    }

    /** Hidden states (B, T, H) of tokens (B, T) that follow those in the cache, which then holds them too. */
    Tensor hidden(Tensor ids, KvCache cache) {
        int count = (int) ids.size(1);
        cache.checkRoom(ids.size(0), count);
        int start = cache.length();
        Tensor hidden = hidden(ids, rotary.at(start, count, start + count), cache);
        cache.advance(count);
        return hidden;
    }

    private Tensor hidden(Tensor ids, RotaryEmbedding.Angles angles, @Nullable KvCache cache) {
        RotaryEmbedding.Angles converted = rotary.as(embedding.dataType(), angles);
        Tensor x = Layers.embedding(embedding, ids);
        for (int layer = 0; layer < blocks.size(); layer++) {
            x = block(layer, x, converted, cache);
        }
        return Layers.rmsNorm(x, norm, config.rmsNormEpsilon());
    }

    private Tensor block(int layer, Tensor x, RotaryEmbedding.Angles angles, @Nullable KvCache cache) {
        Block block = blocks.get(layer);
        Tensor normed = Layers.rmsNorm(x, block.attentionNorm(), config.rmsNormEpsilon());
        Tensor query = RotaryEmbedding.rotate(heads(normed, block.query(), config.attentionHeads()), angles);
        Tensor key = RotaryEmbedding.rotate(heads(normed, block.key(), config.keyValueHeads()), angles)
                .transpose(1, 2);
        Tensor value = heads(normed, block.value(), config.keyValueHeads()).transpose(1, 2);
        Tensor attended = cache == null
                ? merged(Layers.attention(query.transpose(1, 2), key, value, null, true))
                : cached(layer, query, key, value, cache);
        Tensor residual = x.add(Layers.linear(attended, block.output()));
        return residual.add(feedForward(block, residual));
    }

    /** SwiGLU: (silu(x · gateᵀ) ⊙ x · upᵀ) · downᵀ (arXiv 2002.05202). */
    private Tensor feedForward(Block block, Tensor x) {
        Tensor normed = Layers.rmsNorm(x, block.feedForwardNorm(), config.rmsNormEpsilon());
        Tensor gate = Elementwise.silu(Layers.linear(normed, block.gate()));
        return Layers.linear(gate.mul(Layers.linear(normed, block.up())), block.down());
    }

    /** (B, T, heads, D). */
    private Tensor heads(Tensor x, Tensor weight, int heads) {
        return Layers.linear(x, weight).view(x.size(0), x.size(1), heads, config.headSize());
    }

    /** (B, heads, T, D) → (B, T, heads · D). */
    private static Tensor merged(Tensor attended) {
        return attended.transpose(1, 2).reshape(attended.size(0), attended.size(2), -1);
    }

    /** Query (B, T, heads, D), keys and values (B, key-value heads, T, D) of new tokens → (B, T, heads · D). */
    private Tensor cached(int layer, Tensor query, Tensor key, Tensor value, KvCache cache) {
        int start = cache.length();
        int count = (int) query.size(1);
        cache.write(layer, key, value);
        Tensor keys = cache.keys(layer, start + count);
        Tensor values = cache.values(layer, start + count);
        if (count == 1) {
            return oneToken(query, keys, values);
        }
        if (start == 0) {
            return merged(Layers.attention(query.transpose(1, 2), keys, values, null, true));
        }
        Tensor positions = Tensors.range(start, start + count, query.device()).unsqueeze(1);
        Tensor mask = Elementwise.lessOrEqual(Tensors.range(0, start + count, query.device()), positions);
        return merged(Layers.attention(query.transpose(1, 2), keys, values, mask, false));
    }

    /**
     * One new token sees every key. The query heads that share a key-value head are handed over as if they were so many
     * tokens of one head: the same numbers, and no key is copied.
     */
    private Tensor oneToken(Tensor query, Tensor keys, Tensor values) {
        long rows = query.size(0);
        int shared = config.attentionHeads() / config.keyValueHeads();
        Tensor grouped = query.reshape(rows, config.keyValueHeads(), shared, config.headSize());
        return Layers.attention(grouped, keys, values, null, false).reshape(rows, 1, -1);
    }

    @Override
    public void close() {
        rotary.close();
    }
}
