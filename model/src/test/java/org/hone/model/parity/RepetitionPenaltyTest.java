package org.hone.model.parity;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.hone.model.llama.Llama;
import org.hone.model.llama.LogProbs;
import org.hone.model.llama.TokenBatch;
import org.hone.model.sampling.Completion;
import org.hone.model.sampling.Draw;
import org.hone.model.sampling.Sampler;
import org.hone.model.sampling.SamplerOptions;
import org.hone.model.sampling.SamplingRequest;
import org.hone.model.sampling.SamplingRun;
import org.hone.model.sampling.SamplingSettings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Temperature 0 with a repetition penalty against the greedy tokens of transformers (src/test/python/repetition.py). */
class RepetitionPenaltyTest {
    private record Case(Reference json) {
        static List<Case> of(String model) {
            Reference cases = Reference.read("repetition");
            return IntStream.range(0, cases.json().size())
                    .mapToObj(cases::at)
                    .filter(one -> one.at("model").json().textValue().equals(model))
                    .map(Case::new)
                    .toList();
        }

        int[] prompt() {
            return json.at("prompt").ints();
        }

        double penalty() {
            return json.at("penalty").number();
        }

        int[] expected() {
            return json.at("greedy").ints();
        }

        Draw draw(double penaltyOfDraw) {
            return new Draw(1, new SamplingSettings(0, 1, 0, penaltyOfDraw, expected().length));
        }
    }

    private static Llama policy(String model) {
        Reference reference = Reference.read(model);
        return new Llama(
                reference.at("config").config(), reference.at("weights").tensors());
    }

    /** All penalties of a prompt at once, beside a response without any. */
    @ParameterizedTest
    @ValueSource(strings = {"mha", "gqa", "mqa"})
    void equalsTransformers(String model) {
        List<Case> cases = Case.of(model);
        assertThat(cases).extracting(Case::penalty).containsExactly(1.0, 1.3, 0.8, 1.0, 1.3, 0.8);
        List<SamplingRequest<Case>> requests = cases.stream()
                .map(one -> new SamplingRequest<>(one, one.prompt(), List.of(one.draw(one.penalty()), one.draw(1))))
                .toList();
        try (Llama policy = policy(model);
                SamplingRun<Case> run = new Sampler(policy, -1, SamplerOptions.of(1 << 24)).run(requests.iterator())) {
            run.forEachRemaining(sampled -> {
                Case of = sampled.key();
                Completion completion = sampled.completions().get(0);
                assertThat(completion.ids()).containsExactly(of.expected());
                // negative control: without the penalty the tokens are others
                if (of.penalty() != 1) {
                    assertThat(sampled.completions().get(1).ids()).isNotEqualTo(of.expected());
                }
                assertThat(completion.logProbs()).containsExactly(unpenalised(policy, of), within(2e-5f));
            });
        }
    }

    /** Log-probabilities are the policy's, whatever the penalty. */
    private static float[] unpenalised(Llama policy, Case of) {
        int[] row = IntStream.concat(IntStream.of(of.prompt()), IntStream.of(of.expected()))
                .toArray();
        float[] whole = LogProbs.of(policy, TokenBatch.of(List.<int[]>of(row), 0))[0];
        return Arrays.copyOfRange(whole, of.prompt().length - 1, whole.length);
    }
}
