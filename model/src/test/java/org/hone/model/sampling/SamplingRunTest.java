package org.hone.model.sampling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.hone.model.llama.Int8Weights;
import org.hone.model.llama.Llama;
import org.hone.model.llama.LlamaConfig;
import org.hone.model.llama.LogProbs;
import org.hone.model.llama.PromptCache;
import org.hone.model.llama.RopeScaling;
import org.hone.model.llama.TokenBatch;
import org.hone.model.random.Seeds;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.InPlace;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

/**
 * Many prompts at once: whatever else goes through, every response is the one that it is alone. With a context that is short enough
 * for slots, and with one that is not.
 */
@ParameterizedClass
@ValueSource(ints = {256, 512})
class SamplingRunTest {
    private static final int EOS = 2;
    private static final int VOCABULARY = 96;
    private static final long PLENTY = 1 << 26;

    private final int context;
    private final Llama policy;

    SamplingRunTest(int context) {
        this.context = context;
        this.policy = policy(3);
    }

    private Llama policy(int keyValueHeads) {
        LlamaConfig config = new LlamaConfig(
                VOCABULARY, 48, 64, 2, 6, keyValueHeads, 8, context, 1e-5, 10000, new RopeScaling.None(), false);
        Llama policy = Llama.initialise(config, 5, Device.cpu());
        policy.parameters().values().stream()
                .filter(weight -> weight.rank() > 1)
                .forEach(weight -> InPlace.mul(weight, 8));
        return policy;
    }

    @AfterEach
    void close() {
        policy.close();
    }

    /** Prompts of 1 to 150 tokens; every third begins like the one before; 1 to 20 responses at two temperatures. */
    private static List<SamplingRequest<Integer>> requests(int count) {
        Random random = new Random(4);
        List<SamplingRequest<Integer>> requests = new ArrayList<>();
        int[] before = new int[0];
        for (int key = 0; key < count; key++) {
            int[] prompt = random.ints(1 + random.nextInt(150), 3, VOCABULARY).toArray();
            if (key % 3 == 2) {
                System.arraycopy(before, 0, prompt, 0, Math.min(before.length, prompt.length));
            }
            before = prompt;
            List<Draw> draws = new ArrayList<>();
            int responses = 1 + random.nextInt(20);
            for (int k = 0; k < responses; k++) {
                SamplingSettings settings =
                        new SamplingSettings(k % 2 == 0 ? 1.0 : 1.3, 0.95, 0, 1 + random.nextInt(70));
                draws.add(new Draw(Seeds.mix(key, k), settings));
            }
            requests.add(new SamplingRequest<>(key, prompt, draws));
        }
        return requests;
    }

    private Map<Integer, List<Completion>> sample(List<SamplingRequest<Integer>> requests, long cacheBytes) {
        Map<Integer, List<Completion>> found = new HashMap<>();
        Sampler sampler = new Sampler(policy, EOS, SamplerOptions.of(cacheBytes));
        try (SamplingRun<Integer> run = sampler.run(requests.iterator())) {
            run.forEachRemaining(sampled -> found.put(sampled.key(), sampled.completions()));
        }
        return found;
    }

    @Test
    void neighboursOrderAndMemoryChangeNoBit() {
        List<SamplingRequest<Integer>> requests = requests(24);
        Map<Integer, List<Completion>> together = sample(requests, PLENTY);
        assertThat(together).hasSize(24);
        for (SamplingRequest<Integer> request : requests) {
            assertThat(sample(List.of(request), PLENTY).get(request.key())).isEqualTo(together.get(request.key()));
        }
        List<SamplingRequest<Integer>> shuffled = new ArrayList<>(requests);
        Collections.shuffle(shuffled, new Random(8));
        assertThat(sample(shuffled, PLENTY)).isEqualTo(together);
        // room for little more than the longest prompt and one response to it: requests are interrupted and begun anew
        long bytes = PromptCache.bytesPerToken(policy) * 420;
        assertThat(sample(requests, bytes)).isEqualTo(together);
    }

    /** A response is what it is also without the others to its prompt, which make tiles and cohorts of another size. */
    @Test
    void otherResponsesToThePromptChangeNoBit() {
        SamplingRequest<Integer> many = requests(24).stream()
                .filter(request -> request.draws().size() > 16)
                .findFirst()
                .orElseThrow();
        List<Completion> together =
                Objects.requireNonNull(sample(List.of(many), PLENTY).get(many.key()));
        for (int k = 0; k < many.draws().size(); k++) {
            SamplingRequest<Integer> alone =
                    new SamplingRequest<>(0, many.prompt(), List.of(many.draws().get(k)));
            assertThat(sample(List.of(alone), PLENTY)).containsEntry(0, List.of(together.get(k)));
        }
    }

    /** Against whole rows without any cache. */
    @ParameterizedTest
    @CsvSource({"6, 2e-4", "3, 2e-4", "1, 2e-4"})
    void logProbsAreThoseOfTheWholeRow(int keyValueHeads, float tolerance) {
        try (Llama model = policy(keyValueHeads)) {
            List<SamplingRequest<Integer>> requests = requests(8);
            Sampler sampler = new Sampler(model, EOS, SamplerOptions.of(PLENTY));
            try (SamplingRun<Integer> run = sampler.run(requests.iterator())) {
                run.forEachRemaining(sampled -> {
                    int[] prompt = requests.get(sampled.key()).prompt();
                    for (Completion completion : sampled.completions()) {
                        int[] row = Arrays.copyOf(prompt, prompt.length + completion.ids().length);
                        System.arraycopy(completion.ids(), 0, row, prompt.length, completion.ids().length);
                        float[] expected = LogProbs.of(model, TokenBatch.of(List.<int[]>of(row), 0))[0];
                        assertThat(completion.logProbs())
                                .containsExactly(
                                        Arrays.copyOfRange(expected, prompt.length - 1, expected.length),
                                        within(tolerance));
                    }
                });
            }
        }
    }

    @Test
    void sixteenAndEightBitWeightsAreSampledAlike() {
        try (Llama rounded = new Llama(policy.config(), asBfloat16())) {
            aloneAndTogether(rounded);
        }
        try (Llama rounded = Int8Weights.of(policy(3))) {
            aloneAndTogether(rounded);
        }
    }

    private static void aloneAndTogether(Llama model) {
        List<SamplingRequest<Integer>> requests = requests(6);
        Sampler sampler = new Sampler(model, EOS, SamplerOptions.of(PLENTY));
        Map<Integer, List<Completion>> together = new HashMap<>();
        try (SamplingRun<Integer> run = sampler.run(requests.iterator())) {
            run.forEachRemaining(sampled -> together.put(sampled.key(), sampled.completions()));
        }
        for (SamplingRequest<Integer> request : requests) {
            try (SamplingRun<Integer> run = sampler.run(List.of(request).iterator())) {
                assertThat(run.next().completions()).isEqualTo(together.get(request.key()));
            }
        }
    }

    private Map<String, Tensor> asBfloat16() {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        Memory.withoutGradients(() -> Memory.tidy(() -> policy.parameters()
                .forEach((name, weight) ->
                        weights.put(name, weight.detach().to(DataType.BFLOAT16).keep()))));
        return weights;
    }

    @Test
    void nothingIsLeftWhenARunIsAbandoned() {
        sample(requests(3), PLENTY);
        long before = Memory.liveTensors();
        try (SamplingRun<Integer> run = new Sampler(policy, EOS, SamplerOptions.of(PLENTY))
                .run(requests(24).iterator())) {
            assertThat(run.next().completions()).isNotEmpty();
            assertThat(Memory.liveTensors()).isGreaterThan(before);
        }
        assertThat(Memory.liveTensors()).isEqualTo(before);
    }

    @Test
    void stopRulesEndResponses() {
        SamplerOptions options = new SamplerOptions(
                16, PLENTY, (ids, length) -> length >= 2 && ids[length - 1] % 5 == 0 && ids[length - 2] % 2 == 0);
        List<Completion> completions = new Sampler(policy, -1, options)
                .sample(new int[] {5, 9}, new SamplingSettings(1.2, 1, 0, 60), new long[] {1, 2, 3, 4, 5, 6});
        for (Completion completion : completions) {
            for (int t = 1; t < completion.ids().length; t++) {
                boolean stops = completion.ids()[t] % 5 == 0 && completion.ids()[t - 1] % 2 == 0;
                boolean isLast = t == completion.ids().length - 1;
                assertThat(stops).isEqualTo(isLast && completion.reason() == FinishReason.STOP);
            }
        }
        assertThat(completions).anyMatch(completion -> completion.reason() == FinishReason.STOP);
    }

    /** A response that a rule ends is the beginning of the one without the rule; its neighbours leave earlier, and do not matter. */
    @Test
    void stopRulesCutResponsesAndChangeNoBit() {
        List<SamplingRequest<Integer>> requests = requests(12);
        Map<Integer, List<Completion>> whole = sample(requests, PLENTY);
        StopRule rule = (ids, length) -> ids[length - 1] % 11 == 0;
        Map<Integer, List<Completion>> cut = new HashMap<>();
        // little memory: responses are begun anew, and the rule is asked again
        long bytes = PromptCache.bytesPerToken(policy) * 420;
        try (SamplingRun<Integer> run = new Sampler(policy, EOS, new SamplerOptions(SamplerOptions.ROWS, bytes, rule))
                .run(requests.iterator())) {
            run.forEachRemaining(sampled -> cut.put(sampled.key(), sampled.completions()));
        }
        whole.forEach((key, completions) -> assertThat(cut)
                .containsEntry(
                        key,
                        completions.stream()
                                .map(completion -> cutBy(rule, completion))
                                .toList()));
        assertThat(cut.values().stream().flatMap(List::stream).map(Completion::reason))
                .contains(FinishReason.STOP, FinishReason.EOS, FinishReason.LENGTH);
    }

    private static Completion cutBy(StopRule rule, Completion completion) {
        int[] ids = completion.ids();
        for (int length = 1; length <= ids.length; length++) {
            if (ids[length - 1] != EOS && rule.stops(ids, length)) {
                float[] logProbs = Arrays.copyOf(completion.logProbs(), length);
                return new Completion(Arrays.copyOf(ids, length), logProbs, FinishReason.STOP);
            }
        }
        return completion;
    }

    @Test
    void tooLittleMemoryIsSaid() {
        long bytes = PromptCache.bytesPerToken(policy) * 40;
        assertThatThrownBy(() -> sample(
                        List.of(new SamplingRequest<>(
                                1, new int[20], List.of(new Draw(1, new SamplingSettings(1, 1, 0, 30))))),
                        bytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a prompt of 20 tokens and a response need")
                .hasMessageContaining("give the sampler more memory, or lower max-new-tokens");
        assertThatThrownBy(() -> new SamplerOptions(12, 1, StopRule.NEVER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rows: 12 must be 1, 2, 4, 8 or a multiple of 16");
    }
}
