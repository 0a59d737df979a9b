package org.hone.model.sampling;

import java.util.Arrays;
import java.util.List;
import org.hone.model.llama.KvCache;
import org.hone.model.llama.Llama;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Reductions;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;

/**
 * Draws K responses to a prompt, y ~ π(·|x).
 *
 * <p>The K responses of one prompt are one batch of a fixed shape: the prompt is run once, its cache is copied to K rows,
 * and rows that are finished are run along until all are. So what is drawn depends on the policy, the prompt, the settings,
 * the seeds and K, and on nothing else: not on other prompts, on the partition or on a retry. (Batches of another shape
 * would add up in another order, and a rounding error now and then makes another token.) As everywhere, the numbers of
 * another processor, device or count of {@linkplain org.hone.model.tensor.Threads threads} may differ in their last bits.
 *
 * <p>Several threads may use one sampler, or several samplers of one policy.
 */
public final class Sampler {
    private final Llama policy;
    private final int eosId;

    /**
     * Samples from a policy.
     *
     * @param policy lent; it must stay open, and must not be trained meanwhile
     * @param eosId the token that ends a response, or -1 if none does
     * @throws IllegalArgumentException if the token is not in the vocabulary
     */
    public Sampler(Llama policy, int eosId) {
        if (eosId < -1 || eosId >= policy.config().vocabularySize()) {
            throw new IllegalArgumentException("EOS " + eosId + " is not in the policy's vocabulary of "
                    + policy.config().vocabularySize() + "; tokenizer and model do not belong together");
        }
        this.policy = policy;
        this.eosId = eosId;
    }

    /**
     * Draws one response a seed.
     *
     * @param prompt token ids, BOS included, at least one
     * @param settings how
     * @param seeds K of them; the token at position t of response k is a function of the k-th seed and of t
     * @return K responses; empty ones if the prompt alone fills the context
     * @throws IllegalArgumentException if the prompt is empty, longer than the context or not in the vocabulary, or if there
     *     is no seed
     * @throws IllegalStateException if the policy's logits are not numbers
     */
    public List<Completion> sample(int[] prompt, SamplingSettings settings, long[] seeds) {
        check(prompt, seeds);
        Response[] responses = Arrays.stream(seeds).mapToObj(Response::new).toArray(Response[]::new);
        int room = policy.config().contextLength() - prompt.length;
        int longest = Math.min(room, settings.maxNewTokens());
        if (longest > 0) {
            Memory.withoutGradients(() -> draw(prompt, settings, longest, responses));
        }
        FinishReason otherwise = settings.maxNewTokens() <= room ? FinishReason.LENGTH : FinishReason.CONTEXT;
        return Arrays.stream(responses)
                .map(response -> response.completion(otherwise))
                .toList();
    }

    private void check(int[] prompt, long[] seeds) {
        if (prompt.length == 0 || seeds.length == 0) {
            throw new IllegalArgumentException("a prompt of " + prompt.length + " tokens and " + seeds.length
                    + " seeds; at least 1 of each is needed");
        }
        if (prompt.length > policy.config().contextLength()) {
            throw new IllegalArgumentException("a prompt of " + prompt.length + " tokens is longer than the context of "
                    + policy.config().contextLength() + "; cut it, or leave it out");
        }
        int vocabulary = policy.config().vocabularySize();
        for (int t = 0; t < prompt.length; t++) {
            if (prompt[t] < 0 || prompt[t] >= vocabulary) {
                throw new IllegalArgumentException("prompt token " + t + ": id " + prompt[t]
                        + " is not in the vocabulary of " + vocabulary
                        + "; tokenizer and model do not belong together");
            }
        }
    }

    private void draw(int[] prompt, SamplingSettings settings, int longest, Response[] responses) {
        Candidates candidates = new Candidates(settings, policy.config().vocabularySize());
        try (KvCache cache = first(prompt, longest, candidates, responses)) {
            for (int t = 1; t < longest && !Arrays.stream(responses).allMatch(Response::finished); t++) {
                next(cache, candidates, responses);
            }
        }
    }

    /** Runs the prompt once and draws every response's first token; the prompt's cache, a copy a response. */
    private KvCache first(int[] prompt, int longest, Candidates candidates, Response[] responses) {
        // the last token is drawn and never run
        try (KvCache cache = cache(prompt.length + longest - 1)) {
            float[] logProbs = nextLogProbs(prompt, cache);
            for (Response response : responses) {
                take(response, candidates, logProbs, 0);
            }
            return cache.expand(responses.length);
        }
    }

    private KvCache cache(int tokens) {
        Tensor weight = policy.parameters().values().iterator().next();
        return new KvCache(policy.config(), 1, tokens, weight.dataType(), weight.device());
    }

    private void next(KvCache cache, Candidates candidates, Response[] responses) {
        int[] last = new int[responses.length];
        Arrays.setAll(last, row -> responses[row].last());
        float[] logProbs = nextLogProbs(last, cache);
        for (int row = 0; row < last.length; row++) {
            if (!responses[row].finished()) {
                take(responses[row], candidates, logProbs, row);
            }
        }
    }

    private void take(Response response, Candidates candidates, float[] logProbs, int row) {
        int id = candidates.of(logProbs, row).draw(response.uniform());
        response.add(id, logProbs[row * policy.config().vocabularySize() + id]);
        if (id == eosId) {
            response.finish(FinishReason.EOS);
        }
    }

    /** Runs new tokens; ln π of every token that may come next, row after row of the cache. */
    private float[] nextLogProbs(int[] ids, KvCache cache) {
        return Memory.tidy(() -> {
            int count = ids.length / cache.rows();
            Tensor tokens = Tensors.of(ids, cache.rows(), count).to(cache.device());
            Tensor last = policy.hidden(tokens, cache).select(1, count - 1);
            return Reductions.logSoftmax(policy.logits(last).to(DataType.FLOAT32), -1)
                    .toFloats();
        });
    }
}
