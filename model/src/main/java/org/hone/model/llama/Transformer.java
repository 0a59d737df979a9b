package org.hone.model.llama;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.Elementwise;
import org.hone.model.tensor.Layers;
import org.hone.model.tensor.PointwiseConvolution;
import org.hone.model.tensor.RowProducts;
import org.hone.model.tensor.Tensor;

/**
 * The body of a Llama (recipe section 1; arXiv 2302.13971 section 2.2): token ids in, hidden states out. Shapes: B rows,
 * T tokens of a row, N packed tokens, H hidden size, D head size. The weights are lent; whoever has the parameters frees them.
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

    /**
     * What all blocks of a pass have in common.
     *
     * @param angles of every token's position, in the type of the embedding
     * @param attention which tokens look at which
     * @param by multiplies rows by a weight matrix
     */
    private record Pass(RotaryEmbedding.Angles angles, Attention attention, BinaryOperator<Tensor> by) {}

    /** What a pass of packed tokens begins with. */
    private record Packed(Tensor ids, Pass pass) {}

    /** For passes of batches; a step of decoding has few rows, whose products must not depend on each other. */
    private static final BinaryOperator<Tensor> MANY_ROWS = PointwiseConvolution::linear;

    private final LlamaConfig config;
    private final RotaryEmbedding rotary;
    private final List<Block> blocks = new ArrayList<>();
    private Map<Tensor, LowRank> adapters = Map.of();
    private Map<Tensor, Tensor> scales = Map.of();
    private DataType compute;
    private Tensor embedding;
    private Tensor norm;

    Transformer(LlamaConfig config, Map<String, Tensor> parameters) {
        this.config = config;
        this.embedding = Parameters.named(parameters, "model.embed_tokens.weight");
        this.norm = Parameters.named(parameters, "model.norm.weight");
        this.compute = embedding.dataType();
        this.rotary = new RotaryEmbedding(config, embedding.device());
        bind(parameters);
    }

    void bind(Map<String, Tensor> parameters) {
        if (!adapters.isEmpty()) {
            throw new IllegalStateException(
                    "adapters stand beside the weights; merge or close them before others come");
        }
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

    /** Chooses the type that matrices are multiplied in; sums, norms and attention keep the weights' own type. */
    void computeIn(DataType dataType) {
        compute = dataType;
    }

    /** Adds low-rank products to those of some of the matrices; none of them to take them off again. */
    void adapt(Map<Tensor, LowRank> adapters) {
        this.adapters = adapters;
    }

    /** Says by what the rows of rounded matrices are to be multiplied. */
    void scale(Map<Tensor, Tensor> scales) {
        this.scales = scales;
    }

    DataType compute() {
        return compute;
    }

    /** Hidden states (B, T, H) after the final norm. */
    Tensor hidden(TokenBatch batch) {
        Tensor ids = batch.toTensor(config.vocabularySize(), embedding.device());
        return hidden(ids, pass(rotary.of(batch), new PaddedAttention(), MANY_ROWS));
    }

    /** Hidden states (N, H) after the final norm. */
    Tensor hidden(PackedBatch batch) {
        Packed packed = packed(batch);
        return hidden(packed.ids(), packed.pass()).narrow(0, 0, batch.tokens());
    }

    /** Hidden states (N, H) of the rows of a step, whose caches hold its tokens then. */
    Tensor hidden(DecodingStep step) {
        Tensor ids = step.toTensor(config.vocabularySize(), embedding.device());
        RotaryEmbedding.Angles angles = rotary.at(step.positions(), step.longest());
        Attention attention = new DecodingAttention(step, embedding.device());
        Tensor hidden = hidden(ids, pass(angles, attention, RowProducts::linear));
        step.advance();
        return hidden;
    }

    /** A pass to go back through, for training. */
    ForwardPass forward(PackedBatch batch, boolean recompute) {
        Packed packed = packed(batch);
        List<UnaryOperator<Tensor>> parts = new ArrayList<>();
        for (int layer = 0; layer < blocks.size(); layer++) {
            int number = layer;
            parts.add(x -> block(number, x, packed.pass()));
        }
        parts.add(x -> Layers.rmsNorm(x.narrow(0, 0, batch.tokens()), norm, config.rmsNormEpsilon()));
        return new ForwardPass(embedding, packed.ids(), parts, recompute);
    }

    /** Filled up in every type, though the products of single precision alone want few different numbers of tokens. */
    private Packed packed(PackedBatch batch) {
        if (batch.sharesPrefixes() && !config.canSharePrefixes(batch.longest())) {
            throw new IllegalArgumentException("a sequence of " + batch.longest() + " tokens shares its beginning; with"
                    + " dynamic RoPE scaling positions beyond " + config.contextLength()
                    + " turn with the sequence's length, so pack such sequences one by one");
        }
        Device device = embedding.device();
        PackedBatch filled = device.kind() == Device.Kind.CPU ? batch.filledUp(PointwiseConvolution.ROWS) : batch;
        Attention attention = new PackedAttention(filled, device);
        return new Packed(
                filled.toTensor(config.vocabularySize(), device), pass(rotary.of(filled), attention, MANY_ROWS));
    }

    private Pass pass(RotaryEmbedding.Angles angles, Attention attention, BinaryOperator<Tensor> by) {
        return new Pass(rotary.as(embedding.dataType(), angles), attention, by);
    }

    private Tensor hidden(Tensor ids, Pass pass) {
        Tensor x = Layers.embedding(embedding, ids);
        for (int layer = 0; layer < blocks.size(); layer++) {
            x = block(layer, x, pass);
        }
        return Layers.rmsNorm(x, norm, config.rmsNormEpsilon());
    }

    private Tensor block(int layer, Tensor x, Pass pass) {
        Block block = blocks.get(layer);
        Tensor normed = Layers.rmsNorm(x, block.attentionNorm(), config.rmsNormEpsilon())
                .to(compute);
        Tensor query =
                RotaryEmbedding.rotate(heads(normed, block.query(), config.attentionHeads(), pass), pass.angles());
        Tensor key = RotaryEmbedding.rotate(heads(normed, block.key(), config.keyValueHeads(), pass), pass.angles());
        Tensor value =
                heads(normed, block.value(), config.keyValueHeads(), pass).to(query.dataType());
        Tensor attended = pass.attention().attend(layer, query, key, value);
        Tensor residual = x.add(linear(attended.to(compute), block.output(), pass));
        return residual.add(feedForward(block, residual, pass));
    }

    /** SwiGLU: (silu(x · gateᵀ) ⊙ x · upᵀ) · downᵀ (arXiv 2002.05202). */
    private Tensor feedForward(Block block, Tensor x, Pass pass) {
        Tensor normed = Layers.rmsNorm(x, block.feedForwardNorm(), config.rmsNormEpsilon())
                .to(compute);
        Tensor gate = Elementwise.silu(linear(normed, block.gate(), pass));
        return linear(gate.mul(linear(normed, block.up(), pass)), block.down(), pass);
    }

    /** (…, heads, D). */
    private Tensor heads(Tensor x, Tensor weight, int heads, Pass pass) {
        Tensor projected = linear(x, weight, pass);
        return x.rank() == 2
                ? projected.view(x.size(0), heads, config.headSize())
                : projected.view(x.size(0), x.size(1), heads, config.headSize());
    }

    /** The weight is rounded for the product alone; its gradient comes back in its own type. */
    private Tensor linear(Tensor x, Tensor weight, Pass pass) {
        Tensor product = product(x, weight, compute, pass.by());
        LowRank adapter = adapters.get(weight);
        return adapter == null ? product : product.add(adapter.product(x, pass.by()));
    }

    /** x · weightᵀ in a type; what was rounded is scaled behind the product, where there are fewest numbers. */
    Tensor product(Tensor x, Tensor weight, DataType dataType, BinaryOperator<Tensor> by) {
        Tensor product = by.apply(x, weight.to(dataType));
        Tensor scale = scales.get(weight);
        return scale == null ? product : product.mul(scale);
    }

    @Override
    public void close() {
        rotary.close();
    }
}
