package org.hone.model.llama;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Indexing;
import org.hone.model.tensor.Layers;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * A reward model (recipe section 6): a Llama body whose next-token head is replaced by a regression head, read at each
 * row's last token. Weights are laid out as Hugging Face's {@code LlamaForSequenceClassification} with one label.
 *
 * <p>A safety reward model may have a second linear head there, which says whether the response is safe (arXiv 2307.09288
 * section 3.2.2). transformers does not know its weight, {@value #SAFETY_HEAD}, and leaves it aside.
 */
public final class RewardModel implements Network {
    /** The name of the weight that tells safe responses from unsafe ones. */
    public static final String SAFETY_HEAD = "safety.weight";

    private static final String HEAD = "score.weight";

    private final LlamaConfig config;
    private final Transformer body;
    private Map<String, Tensor> parameters;

    /**
     * Takes weights over.
     *
     * @param config the shape of the body
     * @param weights exactly the names and shapes of {@link #shapes}, with the safety head or without; they are kept, and
     *     closed with the model
     * @throws IllegalArgumentException if a weight is missing, unexpected or of another shape
     */
    public RewardModel(LlamaConfig config, Map<String, Tensor> weights) {
        this.config = config;
        this.parameters = Parameters.adopt(shapes(config, weights.containsKey(SAFETY_HEAD)), weights);
        this.body = new Transformer(config, parameters);
    }

    /**
     * Starts a reward model from a policy's weights, without a safety head.
     *
     * @param policy copied; it stays as it is
     * @param seed of the head; the same on every machine
     * @return the reward model
     */
    public static RewardModel fromPolicy(Llama policy, long seed) {
        return fromPolicy(policy, seed, false);
    }

    /**
     * Starts a reward model from a policy's weights, with a random head. A safety head starts at zero: every response is as
     * likely safe as not, and the ranking starts as it would without it.
     *
     * @param policy copied; it stays as it is
     * @param seed of the head; the same on every machine
     * @param withSafetyHead whether it has a safety head too
     * @return the reward model
     */
    public static RewardModel fromPolicy(Llama policy, long seed, boolean withSafetyHead) {
        return of(policy, NewHead.random(seed), withSafetyHead, Tensor::copy);
    }

    /**
     * Starts a reward model as {@link #fromPolicy(Llama, long, boolean)} does, in the policy's own memory.
     *
     * @param policy to be closed, and not to be used any more
     * @param head what the head starts as
     * @param withSafetyHead whether it has a safety head too
     * @return the reward model
     */
    public static RewardModel inPlaceOf(Llama policy, NewHead head, boolean withSafetyHead) {
        return of(policy, head, withSafetyHead, weight -> weight);
    }

    /**
     * Goes on from an earlier reward model, in its own memory.
     *
     * @param earlier to be closed, and not to be used any more
     * @param head what the head starts as; null: the earlier one's goes on
     * @param withSafetyHead whether it has a safety head: the earlier one's if there is one, else one that starts at zero
     * @return the reward model
     */
    public static RewardModel inPlaceOf(RewardModel earlier, @Nullable NewHead head, boolean withSafetyHead) {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        Memory.withoutGradients(() -> Memory.tidy(() -> {
            Set<String> names = shapes(earlier.config, withSafetyHead && earlier.hasSafetyHead())
                    .keySet();
            for (String name : names) {
                if (head == null || !name.equals(HEAD)) {
                    Tensor weight = Parameters.named(earlier.parameters, name);
                    weights.put(name, weight.detach().keep());
                }
            }
            addHeads(weights, earlier.config.hiddenSize(), head, withSafetyHead);
        }));
        return new RewardModel(earlier.config, weights);
    }

    private static RewardModel of(Llama policy, NewHead head, boolean withSafetyHead, UnaryOperator<Tensor> taken) {
        LlamaConfig config = policy.config();
        Map<String, Tensor> weights = new LinkedHashMap<>();
        Memory.withoutGradients(() -> Memory.tidy(() -> {
            for (String name : Parameters.bodyShapes(config).keySet()) {
                Tensor weight = Parameters.named(policy.parameters(), name);
                weights.put(name, taken.apply(weight.detach()).keep());
            }
            addHeads(weights, config.hiddenSize(), head, withSafetyHead);
        }));
        return new RewardModel(config, weights);
    }

    /** Puts heads where the body lies: a new reward head, and a safety head of zeros where there is none yet. */
    private static void addHeads(
            Map<String, Tensor> weights, int hiddenSize, @Nullable NewHead head, boolean withSafetyHead) {
        Tensor first = Parameters.named(weights, "model.norm.weight");
        if (head != null) {
            weights.put(HEAD, beside(first, head.weights(hiddenSize)));
        }
        if (withSafetyHead && !weights.containsKey(SAFETY_HEAD)) {
            weights.put(SAFETY_HEAD, beside(first, new float[hiddenSize]));
        }
    }

    private static Tensor beside(Tensor weight, float[] head) {
        return Tensors.of(head, 1, head.length)
                .to(weight.dataType())
                .to(weight.device())
                .keep();
    }

    /**
     * Tells which weights a shape has.
     *
     * @param config the shape of the body
     * @param withSafetyHead whether it has a safety head
     * @return the shape of every weight, in a fixed order
     */
    public static Map<String, long[]> shapes(LlamaConfig config, boolean withSafetyHead) {
        Map<String, long[]> shapes = new LinkedHashMap<>(Parameters.bodyShapes(config));
        shapes.put(HEAD, new long[] {1, config.hiddenSize()});
        if (withSafetyHead) {
            shapes.put(SAFETY_HEAD, new long[] {1, config.hiddenSize()});
        }
        return shapes;
    }

    /** {@return whether it can tell safe responses from unsafe ones} */
    public boolean hasSafetyHead() {
        return parameters.containsKey(SAFETY_HEAD);
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
        Map<String, Tensor> adopted = Parameters.adopt(shapes(config, hasSafetyHead()), replacements);
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
        return score(read(batch));
    }

    /**
     * Runs whole dialogues, for {@link #score} and {@link #safety}.
     *
     * @param batch (B, T), each row up to and with the last token of the response
     * @return hidden states at the last tokens, (B, H)
     */
    public Tensor read(TokenBatch batch) {
        Tensor hidden = body.hidden(batch);
        int[] last = new int[batch.rows()];
        for (int row = 0; row < last.length; row++) {
            last[row] = row * batch.length() + batch.lengths()[row] - 1;
        }
        Tensor rows = hidden.reshape(-1, config.hiddenSize());
        return Indexing.indexSelect(rows, 0, Tensors.of(last).to(hidden.device()));
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

    /**
     * Reads off hidden states whether responses are safe.
     *
     * @param read hidden states at the last tokens of responses, (B, H)
     * @return logits of being safe, (B)
     * @throws IllegalStateException if the model has no safety head
     */
    public Tensor safety(Tensor read) {
        if (!hasSafetyHead()) {
            throw new IllegalStateException(
                    "the reward model has no safety head (" + SAFETY_HEAD + "); train it with a safety-loss above 0");
        }
        return Layers.linear(read, Parameters.named(parameters, SAFETY_HEAD)).view(-1);
    }

    Transformer body() {
        return body;
    }

    @Override
    public void close() {
        body.close();
        parameters.values().forEach(Tensor::close);
    }
}
