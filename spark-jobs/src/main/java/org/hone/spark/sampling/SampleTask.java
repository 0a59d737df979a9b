package org.hone.spark.sampling;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
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
import org.hone.spark.table.CandidateTable;
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
     * @param firstSample number of the first sample that is drawn
     * @param samples how many are drawn, of each temperature; of one number the draws are the same, so that temperatures compare by themselves
     * @param temperatures divide the logits
     * @param topP nucleus mass
     * @param topK most probable tokens kept, 0 for all
     * @param repetitionPenalty weakens tokens seen before, 1 does not
     * @param maxNewTokens longest response
     * @param stop texts that end a response, and are cut off from it
     */
    public record Drawing(
            long seed,
            int round,
            int firstSample,
            int samples,
            List<Double> temperatures,
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

        SamplingSettings settings(double temperature) {
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
        List<Draw> draws = new ArrayList<>();
        for (double temperature : drawing.temperatures()) {
            SamplingSettings settings = drawing.settings(temperature);
            for (int sample = 0; sample < drawing.samples(); sample++) {
                draws.add(new Draw(drawing.seedOf(id, drawing.firstSample() + sample), settings));
            }
        }
        return new SamplingRequest<>(prompt, Columns.tokens(prompt, "tokens"), draws);
    }

    private List<Row> rows(SampledPrompt<Row> sampled, Tokenizer tokenizer, StopTexts stop) {
        Row prompt = sampled.key();
        String id = prompt.getAs("id");
        Row[] turns = Columns.turns(Columns.dialogue(prompt, "prompt"));
        Integer[] promptTokens = Columns.boxed(Columns.tokens(prompt, "tokens"));
        boolean isSafety = prompt.getAs("is_safety");
        List<Row> candidates = new ArrayList<>();
        for (int i = 0; i < sampled.completions().size(); i++) {
            Completion completion = sampled.completions().get(i);
            int sample = drawing.firstSample() + i % drawing.samples();
            double temperature = drawing.temperatures().get(i / drawing.samples());
            double logProb = 0;
            for (float token : completion.logProbs()) {
                logProb += token;
            }
            long seed = drawing.seedOf(id, sample);
            candidates.add(RowFactory.create(
                    CandidateTable.id(policyHash, id, drawing.round(), temperature, seed, sample),
                    id,
                    sample,
                    drawing.round(),
                    policyHash,
                    temperature,
                    seed,
                    turns,
                    isSafety,
                    promptTokens,
                    Columns.boxed(completion.ids()),
                    stop.before(tokenizer.decode(completion.ids())),
                    logProb,
                    Columns.boxed(completion.logProbs()),
                    completion.reason().name()));
        }
        return candidates;
    }
}
