package org.hone.model.parity;

import java.util.Arrays;
import java.util.List;
import org.hone.model.llama.Llama;
import org.hone.model.sampling.Completion;
import org.hone.model.sampling.FinishReason;
import org.hone.model.sampling.Sampler;
import org.hone.model.sampling.SamplerOptions;
import org.hone.model.sampling.SamplingSettings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Temperature 0 against the greedy tokens of transformers. */
class GreedyTest {
    @ParameterizedTest
    @ValueSource(strings = {"mha", "gqa", "mqa"})
    void equalsTransformers(String name) {
        Reference reference = Reference.read(name);
        int[] prompt = reference.at("prompt").ints();
        int[] expected = reference.at("greedy").ints();
        SamplingSettings greedy = new SamplingSettings(0, 1, 0, expected.length);
        try (Llama policy = new Llama(
                reference.at("config").config(), reference.at("weights").tensors())) {
            List<Completion> completions =
                    new Sampler(policy, -1, SamplerOptions.of(1 << 24)).sample(prompt, greedy, new long[] {1, 2, 3});
            assertThat(completions).hasSize(3).allSatisfy(completion -> {
                assertThat(completion.ids()).containsExactly(expected);
                assertThat(completion.reason()).isEqualTo(FinishReason.LENGTH);
            });
            int[] ending = Arrays.copyOf(
                    expected, 1 + Arrays.stream(expected).boxed().toList().indexOf(expected[9]));
            Completion ended = new Sampler(policy, expected[9], SamplerOptions.of(1 << 24))
                    .sample(prompt, greedy, new long[] {1})
                    .get(0);
            assertThat(ended.ids()).containsExactly(ending);
            assertThat(ended.reason()).isEqualTo(FinishReason.EOS);
        }
    }
}
