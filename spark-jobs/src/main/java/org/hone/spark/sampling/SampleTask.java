package org.hone.spark.sampling;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.model.llama.Llama;
import org.hone.model.random.Seeds;
import org.hone.model.sampling.Completion;
import org.hone.model.sampling.Sampler;
import org.hone.model.sampling.SamplingSettings;
import org.hone.spark.executor.Executors;
import org.hone.spark.session.ProgressAccumulator;
import org.hone.spark.session.TaskProgress;
import org.hone.spark.table.Columns;
import org.hone.spark.tokenise.Encoding;

/**
 * Prompts → K candidates each. A candidate is a pure function of (policy, prompt id, round, temperature,
 * sample index, seed): the K rows of a prompt are decoded as one batch of their own, and every row draws
 * from its own counter, so neighbours, partitions and retries do not matter.
 *
 * @param policy Hugging Face folder of the policy, as a Hadoop path
 * @param policyHash its content hash
 * @param encoding the run's encoding
 * @param draw how many are drawn and how
 * @param progress counts prompts
 */
public record SampleTask(String policy, String policyHash, Encoding encoding, Draw draw, ProgressAccumulator progress)
        implements MapPartitionsFunction<Row, Row>, Serializable {
    /**
     * How candidates are drawn.
     *
     * @param seed the run's seed
     * @param round the round's number, from 1
     * @param samples K
     * @param temperature divides the logits
     * @param topP nucleus mass
     * @param topK most probable tokens kept, 0 for all
     * @param maxNewTokens longest response
     */
    public record Draw(long seed, int round, int samples, double temperature, double topP, int topK, int maxNewTokens)
            implements Serializable {
        /**
         * The seed of a candidate.
         *
         * @param promptId the prompt's id
         * @param sample the sample's index
         * @return the seed
         */
        public long seedOf(String promptId, int sample) {
            return Seeds.mix(seed, round, Seeds.hash(promptId), sample);
        }

        SamplingSettings settings() {
            return new SamplingSettings(temperature, topP, topK, maxNewTokens);
        }
    }

    @Override
    public Iterator<Row> call(Iterator<Row> prompts) {
        Tokenizer tokenizer = encoding.openTokenizer();
        Llama model = Executors.policy(policy, encoding.hadoop().value());
        Sampler sampler = new Sampler(model, tokenizer.eosId());
        List<Row> candidates = new ArrayList<>();
        long done = 0;
        long tokens = 0;
        long started = System.nanoTime();
        while (prompts.hasNext()) {
            Row prompt = prompts.next();
            for (Row candidate : sample(prompt, sampler, tokenizer)) {
                candidates.add(candidate);
                tokens += candidate.<Object[]>getAs(TOKENS).length;
            }
            double seconds = (System.nanoTime() - started) / 1e9;
            progress.add(new TaskProgress(++done, Math.round(tokens / seconds) + " tokens/s a task"));
        }
        return candidates.iterator();
    }

    private static final int TOKENS = 8;

    private List<Row> sample(Row prompt, Sampler sampler, Tokenizer tokenizer) {
        String id = prompt.getAs("id");
        int[] promptTokens = Columns.tokens(prompt, "tokens");
        long[] seeds = new long[draw.samples()];
        Arrays.setAll(seeds, sample -> draw.seedOf(id, sample));
        List<Completion> completions = sampler.sample(promptTokens, draw.settings(), seeds);
        List<Row> candidates = new ArrayList<>();
        for (int k = 0; k < seeds.length; k++) {
            Completion completion = completions.get(k);
            double logProb = 0;
            for (float token : completion.logProbs()) {
                logProb += token;
            }
            candidates.add(RowFactory.create(
                    id,
                    k,
                    draw.round(),
                    policyHash,
                    draw.temperature(),
                    seeds[k],
                    Columns.turns(Columns.dialogue(prompt, "prompt")),
                    Columns.boxed(promptTokens),
                    Columns.boxed(completion.ids()),
                    tokenizer.decode(completion.ids()),
                    logProb,
                    completion.reason().name()));
        }
        return candidates;
    }
}
