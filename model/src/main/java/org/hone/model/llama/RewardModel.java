package org.hone.model.llama;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Indexing;
import org.hone.model.tensor.Layers;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;

/**
 * A reward model (recipe section 6): a Llama body whose next-token head is replaced by a regression head, read at each
 * row's last token. Weights are laid out as Hugging Face's {@code LlamaForSequenceClassification} with one label.
 */
public final class RewardModel implements Network {
    private static final String HEAD = "score.weight";

    private final LlamaConfig config;
    private final Transformer body;
    private Map<String, Tensor> parameters;

    /**
     * Takes weights over.
     *
     * @param config the shape of the body
     * @param weights exactly the names and shapes of {@link #shapes}; they are kept, and closed with the model
     * @throws IllegalArgumentException if a weight is missing, unexpected or of another shape
     */
    public RewardModel(LlamaConfig config, Map<String, Tensor> weights) {
        this.config = config;
        this.parameters = Parameters.adopt(shapes(config), weights);
        this.body = new Transformer(config, parameters);
    }

    /**
     * Starts a reward model from a policy's weights. The head is new: normal(0, 1/√(H + 1)), as in the summarisation work
     * that rewards of this form come from (arXiv 2009.01325), so that first rewards are of the order of 1.
     *
     * @param policy copied; it stays as it is
     * @param seed of the head; the same on every machine
     * @return the reward model
     */
    public static RewardModel fromPolicy(Llama policy, long seed) {
        LlamaConfig config = policy.config();
        Map<String, Tensor> weights = new LinkedHashMap<>();
        Memory.withoutGradients(() -> Memory.tidy(() -> {
            for (String name : Parameters.bodyShapes(config).keySet()) {
                Tensor weight = Parameters.named(policy.parameters(), name);
                weights.put(name, weight.detach().copy().keep());
            }
            Random random = new Random(seed);
            float[] head = new float[config.hiddenSize()];
            for (int i = 0; i < head.length; i++) {
                head[i] = (float) (random.nextGaussian() / StrictMath.sqrt(head.length + 1.0));
            }
            Tensor first = Parameters.named(weights, "model.norm.weight");
            weights.put(
                    HEAD,
                    Tensors.of(head, 1, head.length)
                            .to(first.dataType())
                            .to(first.device())
                            .keep());
        }));
        return new RewardModel(config, weights);
    }

    /**
     * Tells which weights a shape has.
     *
     * @param config the shape of the body
     * @return the shape of every weight, in a fixed order
     */
    public static Map<String, long[]> shapes(LlamaConfig config) {
        Map<String, long[]> shapes = new LinkedHashMap<>(Parameters.bodyShapes(config));
        shapes.put(HEAD, new long[] {1, config.hiddenSize()});
        return shapes;
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
     * Scores whole dialogues.
     *
     * @param batch (B, T), each row up to and with the last token of the response
     * @return rewards before any sigmoid, (B)
     */
    public Tensor rewards(TokenBatch batch) {
        Tensor hidden = body.hidden(batch);
        int[] last = new int[batch.rows()];
        for (int row = 0; row < last.length; row++) {
            last[row] = row * batch.length() + batch.lengths()[row] - 1;
        }
        Tensor rows = hidden.reshape(-1, config.hiddenSize());
        return score(Indexing.indexSelect(rows, 0, Tensors.of(last).to(hidden.device())));
    }

    /**
     * Scores packed dialogues.
     *
     * @param batch sequences, each up to and with the last token of the response
     * @return rewards before any sigmoid, one a sequence
     */
    public Tensor rewards(PackedBatch batch) {
        Tensor hidden = body.hidden(batch);
        return score(Indexing.indexSelect(hidden, 0, batch.lastTokens(hidden.device())));
    }

    /**
     * Reads rewards off hidden states.
     *
     * @param read hidden states at the last tokens of responses, (B, H)
     * @return rewards before any sigmoid, (B)
     */
    public Tensor score(Tensor read) {
        return Layers.linear(read, Parameters.named(parameters, HEAD)).view(-1);
    }

    @Override
    public void close() {
        body.close();
        parameters.values().forEach(Tensor::close);
    }
}
