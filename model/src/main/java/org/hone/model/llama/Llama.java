package org.hone.model.llama;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.Layers;
import org.hone.model.tensor.RowProducts;
import org.hone.model.tensor.Tensor;

/**
 * A Llama language model (recipe section 1): token ids → next-token logits. Any shape; MHA, GQA or MQA; tied or untied
 * head; weights named as in Hugging Face's {@code LlamaForCausalLM}.
 *
 * <p>Legend: B rows, T tokens, H hidden size, V vocabulary.
 */
public final class Llama implements Network {
    /** Standard deviation of fresh weights, Hugging Face's {@code initializer_range}. */
    private static final double DEVIATION = 0.02;

    private static final String HEAD = "lm_head.weight";

    private final LlamaConfig config;
    private final Transformer body;
    private Map<String, Tensor> parameters;
    private Map<Tensor, Tensor> scales = Map.of();

    /**
     * Takes weights over.
     *
     * @param config the shape
     * @param weights exactly the names and shapes of {@link #shapes}; they are kept, and closed with the model
     * @throws IllegalArgumentException if a weight is missing, unexpected or of another shape
     */
    public Llama(LlamaConfig config, Map<String, Tensor> weights) {
        this.config = config;
        this.parameters = Parameters.adopt(shapes(config), weights);
        this.body = new Transformer(config, parameters);
    }

    /**
     * Makes a model with fresh weights: ones for norms, normal(0, 0.02) for the rest, as Hugging Face does.
     *
     * @param config the shape
     * @param seed of the weights; the same on every machine
     * @param device where
     * @return the model, in 32-bit floating point
     */
    public static Llama initialise(LlamaConfig config, long seed, Device device) {
        return new Llama(config, Parameters.random(shapes(config), new Random(seed), DEVIATION, device));
    }

    /**
     * Tells which weights a shape has.
     *
     * @param config the shape
     * @return the shape of every weight, in a fixed order; {@code lm_head.weight} only if the head is not tied
     */
    public static Map<String, long[]> shapes(LlamaConfig config) {
        Map<String, long[]> shapes = new LinkedHashMap<>(Parameters.bodyShapes(config));
        if (!config.tiedEmbeddings()) {
            shapes.put(HEAD, new long[] {config.vocabularySize(), config.hiddenSize()});
        }
        return shapes;
    }

    /**
     * Takes weights over whose matrices are rounded.
     *
     * @param config the shape
     * @param weights as for the other constructor; some of them whole numbers
     * @param scales by what each row of a rounded matrix is to be multiplied, (rows); they are kept, and closed with the model
     */
    Llama(LlamaConfig config, Map<String, Tensor> weights, Map<String, Tensor> scales) {
        this(config, weights);
        Map<Tensor, Tensor> byWeight = new HashMap<>();
        scales.forEach((name, scale) -> byWeight.put(Parameters.named(parameters, name), scale.keep()));
        this.scales = byWeight;
        body.scale(byWeight);
    }

    @Override
    public LlamaConfig config() {
        return config;
    }

    @Override
    public Map<String, Tensor> parameters() {
        return parameters;
    }

    @Override
    public void rebind(Map<String, Tensor> replacements) {
        Map<String, Tensor> adopted = Parameters.adopt(shapes(config), replacements);
        parameters.values().forEach(Tensor::close);
        parameters = adopted;
        body.bind(adopted);
    }

    @Override
    public ForwardPass forward(PackedBatch batch, boolean recompute) {
        return body.forward(batch, recompute);
    }

    @Override
    public void computeIn(DataType dataType) {
        body.computeIn(dataType);
    }

    @Override
    public DataType compute() {
        return body.compute();
    }

    /**
     * Runs whole rows.
     *
     * @param batch (B, T)
     * @return hidden states after the final norm, (B, T, H); what stands at padding means nothing
     * @throws IllegalArgumentException if an id is not in the vocabulary
     */
    public Tensor hidden(TokenBatch batch) {
        return body.hidden(batch);
    }

    /**
     * Runs the tokens of a decoding step, puts them into their caches, and scores the token that follows each. Not for training.
     *
     * @param step the rows
     * @return logits, (rows, V); those of rows that nobody took mean nothing
     * @throws IllegalArgumentException if an id is not in the vocabulary
     */
    public Tensor logits(DecodingStep step) {
        Tensor hidden = body.hidden(step);
        return body.product(hidden, head(), hidden.dataType(), RowProducts::linear);
    }

    /**
     * Scores the next token.
     *
     * @param hidden (…, H), as {@link #hidden} gives them
     * @return logits, (…, V)
     */
    public Tensor logits(Tensor hidden) {
        return body.product(hidden, head(), hidden.dataType(), Layers::linear);
    }

    /** {@return the weight that turns hidden states into logits, (V, H); the embedding if they are tied} */
    public Tensor head() {
        return config.tiedEmbeddings() ? body.embedding() : Parameters.named(parameters, HEAD);
    }

    Transformer body() {
        return body;
    }

    @Override
    public void close() {
        body.close();
        parameters.values().forEach(Tensor::close);
        scales.values().forEach(Tensor::close);
    }
}
