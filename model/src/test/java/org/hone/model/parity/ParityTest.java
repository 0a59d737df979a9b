package org.hone.model.parity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.hone.model.llama.Llama;
import org.hone.model.llama.RewardModel;
import org.hone.model.llama.TokenBatch;
import org.hone.model.loss.NextTokenLoss;
import org.hone.model.loss.RankingLoss;
import org.hone.model.sampling.Sampler;
import org.hone.model.sampling.SamplerOptions;
import org.hone.model.sampling.SamplingSettings;
import org.hone.model.tensor.FusedOps;
import org.hone.model.tensor.InPlace;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Reductions;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Hone's Llama against Hugging Face's: logits, loss, every gradient, ten AdamW steps, greedy tokens and rewards. Distances
 * are the largest in a tensor over the largest number in it.
 */
class ParityTest {
    private static final System.Logger LOGGER = System.getLogger(ParityTest.class.getName());

    private static final double LOGITS = 1e-5;
    private static final double LOSS = 1e-6;
    private static final double GRADIENTS = 1e-5;
    private static final double WEIGHTS_AFTER_TRAINING = 1e-5;

    private static void print(String what, double distance, double allowed) {
        LOGGER.log(
                System.Logger.Level.INFO,
                String.format(Locale.ROOT, "parity %s: %.1e (allowed %.0e)", what, distance, allowed));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mha", "gqa", "mqa"})
    void logits(String name) {
        Reference reference = Reference.read(name);
        try (Llama model = new Llama(
                reference.at("config").config(), reference.at("weights").tensors())) {
            List<int[]> rows = reference.at("rows").rows();
            double worst = 0;
            for (int row = 0; row < rows.size(); row++) {
                worst = Math.max(
                        worst,
                        Reference.relativeDistance(
                                logits(model, TokenBatch.of(rows, 7), row),
                                reference.at("logits").at(row).floats()));
            }
            print(name + " logits", worst, LOGITS);
            assertThat(worst).isLessThan(LOGITS);
        }
    }

    private static float[] logits(Llama model, TokenBatch batch, int row) {
        return Memory.tidy(() -> model.logits(model.hidden(batch).select(0, row).narrow(0, 0, batch.lengths()[row]))
                .toFloats());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mha", "gqa", "mqa"})
    void lossAndAllGradients(String name) {
        Reference reference = Reference.read(name);
        try (Llama model = new Llama(
                reference.at("config").config(), reference.at("weights").tensors())) {
            double expected = reference.at("loss").number();
            double loss = backward(model, reference);
            print(name + " loss", Math.abs(loss - expected) / expected, LOSS);
            assertThat(Math.abs(loss - expected) / expected).isLessThan(LOSS);
            double worst = Reference.relativeDistance(
                    gradients(model.parameters()), reference.at("gradients").named());
            print(name + " gradients", worst, GRADIENTS);
            assertThat(worst).isLessThan(GRADIENTS);
        }
    }

    /** Mean loss over the trained tokens, and its gradients. */
    private static double backward(Llama model, Reference reference) {
        TokenBatch batch = TokenBatch.of(reference.at("rows").rows(), 0);
        boolean[] trained = reference.at("trained").mask(batch);
        return Memory.tidy(() -> {
            Tensor loss = NextTokenLoss.sum(model, batch, trained).mul(1.0 / NextTokenLoss.count(batch, trained));
            loss.backward();
            return loss.item();
        });
    }

    private static Map<String, float[]> gradients(Map<String, Tensor> parameters) {
        Map<String, float[]> gradients = new LinkedHashMap<>();
        Memory.tidy(() -> parameters.forEach(
                (name, parameter) -> gradients.put(name, parameter.gradient().toFloats())));
        return gradients;
    }

    @ParameterizedTest
    @ValueSource(strings = {"mha", "gqa", "mqa"})
    void tenAdamWSteps(String name) {
        Reference reference = Reference.read(name);
        Reference training = reference.at("training");
        try (Llama model = new Llama(
                reference.at("config").config(), reference.at("weights").tensors())) {
            double losses = train(model, reference);
            print(name + " losses and gradient norms of 10 AdamW steps", losses, GRADIENTS);
            assertThat(losses).isLessThan(GRADIENTS);
            double weights = Reference.relativeDistance(
                    Reference.read(model.parameters()), training.at("weights").named());
            print(name + " weights after 10 AdamW steps", weights, WEIGHTS_AFTER_TRAINING);
            assertThat(weights).isLessThan(WEIGHTS_AFTER_TRAINING);
        }
    }

    /** Trains as the reference did; the largest relative distance of a step's loss or gradient norm. */
    private static double train(Llama model, Reference reference) {
        Reference training = reference.at("training");
        List<Tensor> state = new ArrayList<>();
        Memory.tidy(() -> model.parameters().values().forEach(parameter -> {
            state.add(Tensors.zerosLike(parameter).keep());
            state.add(Tensors.zerosLike(parameter).keep());
        }));
        double worst = 0;
        for (int step = 1; step <= (int) training.at("steps").number(); step++) {
            double expected = training.at("losses").at(step - 1).number();
            worst = Math.max(worst, Math.abs(backward(model, reference) - expected) / expected);
            double norm = update(model, training, state, step);
            worst = Math.max(
                    worst, Math.abs(norm / training.at("norms").at(step - 1).number() - 1));
        }
        state.forEach(Tensor::close);
        return worst;
    }

    private static double update(Llama model, Reference training, List<Tensor> state, int step) {
        return Memory.tidy(() -> {
            List<Tensor> parameters = List.copyOf(model.parameters().values());
            double squares = 0;
            for (Tensor parameter : parameters) {
                squares += Math.pow(Reductions.norm(parameter.gradient()).item(), 2);
            }
            double norm = Math.sqrt(squares);
            double factor = Math.min(1, training.at("clip").number() / (norm + 1e-6));
            for (int i = 0; i < parameters.size(); i++) {
                Tensor parameter = parameters.get(i);
                InPlace.mul(parameter.gradient(), factor);
                FusedOps.adamW(
                        parameter,
                        parameter.gradient(),
                        state.get(2 * i),
                        state.get(2 * i + 1),
                        new FusedOps.AdamWStep(
                                step,
                                training.at("lr").number(),
                                training.at("betas").at(0).number(),
                                training.at("betas").at(1).number(),
                                parameter.rank() > 1
                                        ? training.at("weight_decay").number()
                                        : 0,
                                training.at("eps").number()));
                parameter.clearGradient();
            }
            return norm;
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"mha", "gqa", "mqa"})
    void greedyTokens(String name) {
        Reference reference = Reference.read(name);
        try (Llama model = new Llama(
                reference.at("config").config(), reference.at("weights").tensors())) {
            int[] expected = reference.at("greedy").ints();
            assertThat(greedy(model, reference.at("prompt").ints(), expected.length))
                    .containsExactly(expected);
        }
    }

    private static int[] greedy(Llama model, int[] prompt, int count) {
        return new Sampler(model, -1, SamplerOptions.of(1 << 24))
                .sample(prompt, new SamplingSettings(0, 1, 0, count), new long[] {0})
                .get(0)
                .ids();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "linear", "dynamic", "dynamic-within-context", "llama3"})
    void ropeVariants(String name) {
        Reference reference = Reference.read("rope");
        Reference variant = reference.at(name);
        int[] row = variant.at("row").ints();
        try (Llama model =
                new Llama(variant.at("config").config(), reference.at("weights").tensors())) {
            double distance = Reference.relativeDistance(
                    logits(model, TokenBatch.of(Reference.list(row), 0), 0),
                    variant.at("logits").floats());
            print("rope " + name + " logits", distance, LOGITS);
            assertThat(distance).isLessThan(LOGITS);
            int[] prompt = Arrays.copyOf(row, 10);
            // the reference goes on beyond the context, and the sampler never does
            int count = Math.min(20, model.config().contextLength() - prompt.length);
            assertThat(greedy(model, prompt, count))
                    .containsExactly(Arrays.copyOf(variant.at("greedy").ints(), count));
        }
    }

    @Test
    void rewardsAndTheirGradients() {
        Reference reference = Reference.read("reward");
        TokenBatch batch = TokenBatch.of(reference.at("rows").rows(), 0);
        float[] margins = reference.at("margins").floats();
        try (RewardModel model = new RewardModel(
                reference.at("config").config(), reference.at("weights").tensors())) {
            Memory.tidy(() -> {
                Tensor rewards = model.rewards(batch);
                double distance = Reference.relativeDistance(
                        rewards.toFloats(), reference.at("rewards").floats());
                print("rewards", distance, LOGITS);
                assertThat(distance).isLessThan(LOGITS);
                Tensor loss = RankingLoss.sum(rewards.narrow(0, 0, 2), rewards.narrow(0, 2, 2), margins);
                loss.backward();
                double expected = reference.at("loss").number();
                assertThat(Math.abs(loss.item() - expected) / expected).isLessThan(LOSS);
            });
            double worst = Reference.relativeDistance(
                    gradients(model.parameters()), reference.at("gradients").named());
            print("reward gradients", worst, GRADIENTS);
            assertThat(worst).isLessThan(GRADIENTS);
        }
    }

    /** The negative control: a reference that is off by a little is seen to be off. */
    @Test
    void aPerturbedReferenceIsNoticed() {
        Reference reference = Reference.read("gqa");
        Map<String, Tensor> weights = reference.at("weights").tensors();
        Tensor key = Objects.requireNonNull(weights.get("model.layers.1.self_attn.k_proj.weight"));
        Memory.tidy(() -> InPlace.add(key.select(0, 3), 1e-3));
        try (Llama model = new Llama(reference.at("config").config(), weights)) {
            TokenBatch batch = TokenBatch.of(reference.at("rows").rows(), 0);
            assertThat(Reference.relativeDistance(
                            logits(model, batch, 0),
                            reference.at("logits").at(0).floats()))
                    .isGreaterThan(LOGITS);
            double expected = reference.at("loss").number();
            assertThat(Math.abs(backward(model, reference) - expected) / expected)
                    .isGreaterThan(LOSS);
            assertThat(Reference.relativeDistance(
                            gradients(model.parameters()),
                            reference.at("gradients").named()))
                    .isGreaterThan(GRADIENTS);
            train(model, reference);
            assertThat(Reference.relativeDistance(
                            Reference.read(model.parameters()),
                            reference.at("training").at("weights").named()))
                    .isGreaterThan(WEIGHTS_AFTER_TRAINING);
        }
    }
}
