package org.hone.spark.sampling;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.TaskCompletionListener;
import org.hone.data.tokenizer.StopTexts;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.model.llama.Llama;
import org.hone.model.random.Seeds;
import org.hone.model.sampling.Completion;
import org.hone.model.sampling.Draw;
import org.hone.model.sampling.SampledPrompt;
import org.hone.model.sampling.Sampler;
import org.hone.model.sampling.SamplerOptions;
import org.hone.model.sampling.SamplingRequest;
import org.hone.model.sampling.SamplingRun;
import org.hone.model.sampling.SamplingSettings;
import org.hone.spark.executor.Executors;
import org.hone.spark.executor.SamplingWeights;
import org.hone.spark.session.ProgressAccumulator;
import org.hone.spark.session.TaskProgress;
import org.hone.spark.table.Columns;
import org.hone.spark.tokenise.Encoding;
import org.hone.spark.tokenise.Rows;

/**
 * Prompts → K candidates each, in the order in which they are met. A candidate is a pure function of (policy, prompt id, round,
 * temperature, sample index, seed), whatever else goes through the policy beside it; so neighbours, partitions, retries and the
 * executor's memory do not matter.
 *
 * <p>A candidate that a stop text ends has its text up to there. Its tokens and its log-probability are all that were drawn, those
 * of the stop text too: tokens cannot be cut within, and these are the draws that there were.
 *
 * @param policy Hugging Face folder of the policy, as a Hadoop path
 * @param policyHash what candidates know it by
 * @param weights what its matrices are kept as
 * @param encoding the run's encoding
 * @param drawing how many are drawn and how
 * @param progress counts prompts
 */
public record SampleTask(
        String policy,
        String policyHash,
        SamplingWeights weights,
        Encoding encoding,
        Drawing drawing,
        ProgressAccumulator progress)
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
     * @param repetitionPenalty weakens tokens seen before, 1 does not
     * @param maxNewTokens longest response
     * @param stop texts that end a response, and are cut off from it
     */
    public record Drawing(
            long seed,
            int round,
            int samples,
            double temperature,
            double topP,
            int topK,
            double repetitionPenalty,
            int maxNewTokens,
            List<String> stop)
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
            return new SamplingSettings(temperature, topP, topK, repetitionPenalty, maxNewTokens);
        }
    }

    @Override
    public Iterator<Row> call(Iterator<Row> prompts) {
        Tokenizer tokenizer = encoding.openTokenizer();
        Llama model = Executors.policy(policy, weights, encoding.hadoop().value());
        StopTexts stop = new StopTexts(tokenizer, drawing.stop());
        Sampler sampler = new Sampler(
                model, tokenizer.eosId(), new SamplerOptions(SamplerOptions.ROWS, Executors.cacheBytes(), stop::end));
        SamplingRun<Row> run = sampler.run(Rows.map(prompts, this::request));
        TaskContext.get().addTaskCompletionListener((TaskCompletionListener) ended -> run.close());
        long started = System.nanoTime();
        long[] done = new long[1];
        return Rows.flatMap(run, sampled -> {
            double seconds = (System.nanoTime() - started) / 1e9;
            progress.add(new TaskProgress(++done[0], Math.round(run.tokens() / seconds) + " tokens/s a task"));
            return rows(sampled, tokenizer, stop);
        });
    }

    private SamplingRequest<Row> request(Row prompt) {
        String id = prompt.getAs("id");
        List<Draw> draws = IntStream.range(0, drawing.samples())
                .mapToObj(sample -> new Draw(drawing.seedOf(id, sample), drawing.settings()))
                .toList();
        return new SamplingRequest<>(prompt, Columns.tokens(prompt, "tokens"), draws);
    }

    private List<Row> rows(SampledPrompt<Row> sampled, Tokenizer tokenizer, StopTexts stop) {
        Row prompt = sampled.key();
        String id = prompt.getAs("id");
        Row[] turns = Columns.turns(Columns.dialogue(prompt, "prompt"));
        Integer[] promptTokens = Columns.boxed(Columns.tokens(prompt, "tokens"));
        List<Row> candidates = new ArrayList<>();
        for (int k = 0; k < sampled.completions().size(); k++) {
            Completion completion = sampled.completions().get(k);
            double logProb = 0;
            for (float token : completion.logProbs()) {
                logProb += token;
            }
            candidates.add(RowFactory.create(
                    id,
                    k,
                    drawing.round(),
                    policyHash,
                    drawing.temperature(),
                    drawing.seedOf(id, k),
                    turns,
                    promptTokens,
                    Columns.boxed(completion.ids()),
                    stop.before(tokenizer.decode(completion.ids())),
                    logProb,
                    completion.reason().name()));
        }
        return candidates;
    }
}
