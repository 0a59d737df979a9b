package org.hone.model.sampling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.hone.model.llama.Llama;
import org.hone.model.llama.LlamaConfig;
import org.hone.model.llama.LogProbs;
import org.hone.model.llama.RopeScaling;
import org.hone.model.llama.TokenBatch;
import org.hone.model.loss.NextTokenLoss;
import org.hone.model.random.Seeds;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.InPlace;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class SamplerTest {
    private static final int EOS = 2;
    private static final int CONTEXT = 24;
    private static final int[] PROMPT = {1, 5, 7};

    private final Llama policy = policy();

    /** With larger weights than fresh ones, so that some tokens are much more probable than others. */
    private static Llama policy() {
        LlamaConfig config =
                new LlamaConfig(16, 16, 24, 2, 4, 2, 4, CONTEXT, 1e-5, 10000, new RopeScaling.None(), false);
        Llama policy = Llama.initialise(config, 5, Device.cpu());
        policy.parameters().values().stream()
                .filter(weight -> weight.rank() > 1)
                .forEach(weight -> InPlace.mul(weight, 12));
        return policy;
    }

    @AfterEach
    void close() {
        policy.close();
    }

    private static long[] seeds(int count, long of) {
        return IntStream.range(0, count).mapToLong(k -> Seeds.mix(of, k)).toArray();
    }

    private Sampler sampler(int eosId) {
        return new Sampler(policy, eosId, SamplerOptions.of(1 << 20));
    }

    private List<Completion> sample(int[] prompt, SamplingSettings settings, int count, long of) {
        return sampler(EOS).sample(prompt, settings, seeds(count, of));
    }

    private static SamplingSettings plain(double temperature, int maxNewTokens) {
        return new SamplingSettings(temperature, 1, 0, maxNewTokens);
    }

    private static int[] whole(int[] prompt, int[] response) {
        int[] row = Arrays.copyOf(prompt, prompt.length + response.length);
        System.arraycopy(response, 0, row, prompt.length, response.length);
        return row;
    }

    @Test
    void logProbsAreThoseOfTheWholeRowAtTemperatureOne() {
        for (SamplingSettings settings : List.of(plain(1, 12), new SamplingSettings(1.7, 0.8, 6, 12), plain(0, 12))) {
            for (Completion completion : sample(PROMPT, settings, 5, 1)) {
                float[] expected =
                        LogProbs.of(policy, TokenBatch.of(List.<int[]>of(whole(PROMPT, completion.ids())), 0))[0];
                assertThat(completion.logProbs())
                        .containsExactly(
                                Arrays.copyOfRange(expected, PROMPT.length - 1, expected.length), within(2e-5f));
            }
        }
    }

    @Test
    void finishReasonsSayWhyAResponseEnded() {
        Map<FinishReason, Integer> seen = new HashMap<>();
        for (int maxNewTokens : new int[] {4, 21, 50}) {
            for (Completion completion : sample(PROMPT, plain(1.2, maxNewTokens), 40, 4)) {
                int[] ids = completion.ids();
                int eos = Arrays.stream(ids).boxed().toList().indexOf(EOS);
                seen.merge(completion.reason(), 1, Integer::sum);
                boolean fits = switch (completion.reason()) {
                    case EOS -> eos == ids.length - 1;
                    case LENGTH -> eos < 0 && ids.length == maxNewTokens;
                    case STOP -> false;
                    case CONTEXT -> eos < 0 && ids.length == CONTEXT - PROMPT.length && maxNewTokens == 50;
                };
                assertThat(fits).as("%s of %s", completion, maxNewTokens).isTrue();
            }
        }
        assertThat(seen).containsOnlyKeys(FinishReason.EOS, FinishReason.LENGTH, FinishReason.CONTEXT);
    }

    @Test
    void withoutEosNothingEndsEarly() {
        List<Completion> completions = sampler(-1).sample(PROMPT, plain(1.2, 21), seeds(40, 4));
        assertThat(completions).allMatch(completion -> completion.reason() == FinishReason.LENGTH);
        assertThat(completions)
                .anyMatch(completion -> Arrays.stream(completion.ids()).anyMatch(id -> id == EOS));
        assertThat(sampler(0).sample(PROMPT, plain(1.2, 21), seeds(40, 4)))
                .anyMatch(completion -> completion.reason() == FinishReason.EOS);
    }

    @Test
    void completionsAreEqualByAllTheirParts() {
        Completion completion = new Completion(new int[] {3, 2}, new float[] {-1, -2}, FinishReason.EOS);
        Completion same = new Completion(new int[] {3, 2}, new float[] {-1, -2}, FinishReason.EOS);
        assertThat(completion).isEqualTo(same).hasSameHashCodeAs(same).hasToString("Completion[EOS [3, 2]]");
        assertThat(completion)
                .isNotEqualTo(new Completion(new int[] {4, 2}, new float[] {-1, -2}, FinishReason.EOS))
                .isNotEqualTo(new Completion(new int[] {3, 2}, new float[] {-1, -3}, FinishReason.EOS))
                .isNotEqualTo(new Completion(new int[] {3, 2}, new float[] {-1, -2}, FinishReason.LENGTH));
    }

    @Test
    void aPromptThatFillsTheContextHasEmptyResponses() {
        assertThat(sample(new int[CONTEXT], plain(1, 5), 2, 1))
                .containsOnly(new Completion(new int[0], new float[0], FinishReason.CONTEXT));
        assertThat(sample(new int[CONTEXT - 1], plain(1, 1), 1, 1))
                .allSatisfy(completion -> assertThat(completion.ids()).hasSize(1));
        assertThatThrownBy(() -> sample(new int[CONTEXT + 1], plain(1, 5), 2, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a prompt of 25 tokens is longer than the context of 24; cut it, or leave it out");
    }

    /** Order, threads and other prompts change no bit. */
    @Test
    void aCompletionDependsOnNothingElse() throws InterruptedException {
        List<int[]> prompts = IntStream.range(0, 12)
                .mapToObj(p ->
                        IntStream.range(0, 1 + p % 5).map(t -> (3 * p + t) % 16).toArray())
                .toList();
        SamplingSettings settings = new SamplingSettings(1.1, 0.95, 12, 15);
        Sampler shared = sampler(EOS);
        Map<Integer, List<Completion>> inOrder = new LinkedHashMap<>();
        for (int p = 0; p < prompts.size(); p++) {
            inOrder.put(p, shared.sample(prompts.get(p), settings, seeds(3, p)));
        }
        for (int p = prompts.size() - 1; p >= 0; p--) {
            assertThat(shared.sample(prompts.get(p), settings, seeds(3, p))).isEqualTo(inOrder.get(p));
        }
        ExecutorService threads = Executors.newFixedThreadPool(2);
        List<CompletableFuture<List<Completion>>> parallel = new ArrayList<>();
        for (int p = 0; p < prompts.size(); p++) {
            int prompt = p;
            Sampler sampler = p % 3 == 0 ? sampler(EOS) : shared;
            parallel.add(CompletableFuture.supplyAsync(
                    () -> sampler.sample(prompts.get(prompt), settings, seeds(3, prompt)), threads));
        }
        for (int p = 0; p < prompts.size(); p++) {
            assertThat(parallel.get(p).join()).isEqualTo(inOrder.get(p));
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        // negative control: another seed is another response
        assertThat(shared.sample(prompts.get(4), settings, seeds(3, 77))).isNotEqualTo(inOrder.get(4));
    }

    /** χ² of first and second tokens against exact probabilities. */
    @Test
    void tokensHaveTheirProbabilities() {
        int draws = 4000;
        double temperature = 1.4;
        List<Completion> completions = new ArrayList<>();
        for (int batch = 0; batch < draws / 100; batch++) {
            completions.addAll(sample(PROMPT, plain(temperature, 2), 100, batch));
        }
        Map<Integer, Integer> first = new HashMap<>();
        Map<Integer, Integer> second = new HashMap<>();
        completions.forEach(completion -> first.merge(completion.ids()[0], 1, Integer::sum));
        int common = first.entrySet().stream()
                .filter(entry -> entry.getKey() != EOS)
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
        completions.stream()
                .filter(completion -> completion.ids()[0] == common)
                .forEach(completion -> second.merge(completion.ids()[1], 1, Integer::sum));
        // 15 degrees of freedom: 37.7 is passed once in a thousand
        assertThat(chiSquare(first, probabilities(PROMPT, temperature))).isLessThan(37.7);
        assertThat(chiSquare(second, probabilities(whole(PROMPT, new int[] {common}), temperature)))
                .isLessThan(37.7);
        // negative control: another temperature is noticed
        assertThat(chiSquare(first, probabilities(PROMPT, 1.2))).isGreaterThan(37.7);
    }

    private double[] probabilities(int[] row, double temperature) {
        double[] weights = new double[16];
        for (int id = 0; id < 16; id++) {
            float[] logProbs = LogProbs.of(policy, TokenBatch.of(List.<int[]>of(whole(row, new int[] {id})), 0))[0];
            weights[id] = Math.exp(logProbs[logProbs.length - 1] / temperature);
        }
        double sum = Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(weight -> weight / sum).toArray();
    }

    private static double chiSquare(Map<Integer, Integer> counts, double[] probabilities) {
        int total = counts.values().stream().mapToInt(Integer::intValue).sum();
        double sum = 0;
        for (int id = 0; id < probabilities.length; id++) {
            double expected = total * probabilities[id];
            double difference = counts.getOrDefault(id, 0) - expected;
            sum += difference * difference / Math.max(expected, 1);
        }
        return sum;
    }

    @Test
    void nothingIsLeftAndTrainingStillWorks() {
        sample(PROMPT, plain(1, 12), 3, 1);
        long before = Memory.liveTensors();
        for (int i = 0; i < 10; i++) {
            sample(PROMPT, plain(1, 12), 3, i);
        }
        assertThat(Memory.liveTensors()).isEqualTo(before);
        Memory.tidy(() -> {
            TokenBatch batch = TokenBatch.of(List.<int[]>of(PROMPT), 0);
            NextTokenLoss.sum(policy, batch, new boolean[] {false, true, true}).backward();
            assertThat(policy.parameters().values()).allMatch(Tensor::hasGradient);
        });
    }

    @Test
    void refusesWhatCannotBeSampled() {
        assertThatThrownBy(() -> sampler(16))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("EOS 16 is not in the policy's vocabulary of 16");
        assertThatThrownBy(() -> sampler(-2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("EOS -2 is not in the policy's vocabulary of 16");
        assertThatThrownBy(() -> sample(new int[] {-1}, plain(1, 5), 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("prompt token 0: id -1 is not in the vocabulary of 16");
        assertThatThrownBy(() -> sample(new int[] {1, 16}, plain(1, 5), 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("prompt token 1: id 16 is not in the vocabulary of 16");
        assertThatThrownBy(() -> sample(new int[0], plain(1, 5), 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a prompt of 0 tokens and 1 responses wanted; at least 1 of each is needed");
        assertThatThrownBy(() -> sample(PROMPT, plain(1, 5), 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 responses wanted");
        assertThatThrownBy(() -> plain(-0.5, 1)).hasMessageContaining("temperature: -0.5 must be a number from 0");
        assertThatThrownBy(() -> plain(Double.NaN, 1)).hasMessageContaining("temperature: NaN");
        assertThatThrownBy(() -> plain(Double.POSITIVE_INFINITY, 1)).hasMessageContaining("temperature: Infinity");
        assertThatThrownBy(() -> new SamplingSettings(1, 1.1, 0, 1)).hasMessageContaining("top-p: 1.1 must be above 0");
        assertThatThrownBy(() -> new SamplingSettings(1, 0, 0, 1)).hasMessageContaining("top-p: 0.0 must be above 0");
        assertThatThrownBy(() -> new SamplingSettings(1, 1, -1, 1)).hasMessageContaining("top-k: -1 must not be");
        assertThatThrownBy(() -> plain(1, 0)).hasMessage("max-new-tokens: 0 must be at least 1");
        assertThatThrownBy(() -> new Completion(new int[2], new float[1], FinishReason.EOS))
                .hasMessage("2 tokens with 1 log-probabilities; each token needs one");
    }
}
