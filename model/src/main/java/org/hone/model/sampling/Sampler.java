package org.hone.model.sampling;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.hone.model.llama.Llama;

/**
 * Draws responses to prompts, y ~ π(·|x).
 *
 * <p>A response depends on the policy, the prompt, its settings, its seed and {@link SamplerOptions#rows}, and on nothing else:
 * not on other responses and prompts, on the memory that there is, or on a retry. As everywhere, the numbers of another
 * processor, device or count of {@linkplain org.hone.model.tensor.Threads threads} may differ in their last bits, and a rounding
 * error now and then makes another token.
 *
 * <p>Several threads may use one sampler, or several samplers of one policy.
 */
public final class Sampler {
    private final Llama policy;
    private final int eosId;
    private final SamplerOptions options;

    /**
     * Samples from a policy.
     *
     * @param policy lent; it must stay open, and must not be trained meanwhile
     * @param eosId the token that ends a response, or -1 if none does
     * @param options what it may use
     * @throws IllegalArgumentException if the token is not in the vocabulary
     */
    public Sampler(Llama policy, int eosId, SamplerOptions options) {
        if (eosId < -1 || eosId >= policy.config().vocabularySize()) {
            throw new IllegalArgumentException("EOS " + eosId + " is not in the policy's vocabulary of "
                    + policy.config().vocabularySize() + "; tokenizer and model do not belong together");
        }
        this.policy = policy;
        this.eosId = eosId;
        this.options = options;
    }

    /**
     * Meets requests as they are asked for.
     *
     * @param requests taken when there is room for another
     * @param <T> the kind of the requests' keys
     * @return the responses; to be closed if it is left before its end
     */
    public <T> SamplingRun<T> run(Iterator<SamplingRequest<T>> requests) {
        return new SamplingRun<>(policy, eosId, options, requests);
    }

    /**
     * Draws one response a seed to one prompt.
     *
     * @param prompt token ids, BOS included, at least one
     * @param settings how
     * @param seeds K of them
     * @return K responses; empty ones if the prompt alone fills the context
     * @throws IllegalArgumentException if the prompt is empty, longer than the context or not in the vocabulary, if there is no
     *     seed, or if the memory does not suffice for one response
     * @throws IllegalStateException if the policy's logits are not numbers
     */
    public List<Completion> sample(int[] prompt, SamplingSettings settings, long[] seeds) {
        List<Draw> draws =
                Arrays.stream(seeds).mapToObj(seed -> new Draw(seed, settings)).toList();
        try (SamplingRun<Integer> run =
                run(List.of(new SamplingRequest<>(0, prompt, draws)).iterator())) {
            return run.next().completions();
        }
    }
}
