package org.hone.model.parity;

import java.util.HashMap;
import java.util.Map;
import org.hone.model.distributed.Communicator;
import org.hone.model.llama.Llama;
import org.hone.model.llama.TokenBatch;
import org.hone.model.loss.NextTokenLoss;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;
import org.hone.model.training.AdamW;
import org.hone.model.training.FlatParameters;
import org.hone.model.training.GradientClipping;
import org.hone.model.training.NonFiniteGradientException;
import org.hone.model.training.Spread;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

/** Flat parameters, clipping and AdamW together against ten steps of PyTorch's. */
class FlatTrainingTest {
    private static final double ALLOWED = 1e-5;

    /** One step; the relative distance of the loss and of the norm from the reference's. */
    private static double step(Llama model, FlatParameters flat, AdamW optimiser, Reference reference, int step) {
        Reference training = reference.at("training");
        TokenBatch batch = TokenBatch.of(reference.at("rows").rows(), 0);
        boolean[] trained = reference.at("trained").mask(batch);
        flat.zeroGradients();
        double loss = Memory.tidy(() -> {
            Tensor mean = NextTokenLoss.sum(model, batch, trained).mul(1.0 / NextTokenLoss.count(batch, trained));
            mean.backward();
            return mean.item();
        });
        double norm = GradientClipping.byGlobalNorm(
                alone(flat), flat.gradients(), training.at("clip").number());
        optimiser.step(training.at("lr").number());
        double expectedLoss = training.at("losses").floats()[step];
        double expectedNorm = training.at("norms").floats()[step];
        return Math.max(Math.abs(loss / expectedLoss - 1), Math.abs(norm / expectedNorm - 1));
    }

    private static Spread alone(FlatParameters flat) {
        return new Spread(flat.parameters().elements(), Communicator.single());
    }

    private static double weights(Llama model, Reference reference) {
        return Reference.relativeDistance(
                Reference.read(model.parameters()),
                reference.at("training").at("weights").named());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mha", "gqa", "mqa"})
    void tenSteps(String name) {
        Reference reference = Reference.read(name);
        long before = Memory.liveTensors();
        try (Llama model = new Llama(
                        reference.at("config").config(), reference.at("weights").tensors());
                FlatParameters flat = new FlatParameters(model.parameters());
                AdamW optimiser = new AdamW(flat, AdamW.Settings.ofLlama2(), alone(flat))) {
            double worst = 0;
            for (int step = 0; step < 10; step++) {
                worst = Math.max(worst, step(model, flat, optimiser, reference, step));
                if (step == 8) {
                    assertThat(weights(model, reference)).isGreaterThan(ALLOWED); // the negative control
                }
            }
            assertThat(worst).isLessThan(ALLOWED);
            assertThat(weights(model, reference)).isLessThan(ALLOWED);
            assertThat(optimiser.steps()).isEqualTo(10);
        }
        assertThat(Memory.liveTensors()).isEqualTo(before);
    }

    /** Saved after the fourth step and restored into another optimiser over another model. */
    @Test
    void resumedTrainingIsTheSameToTheBit() {
        Reference reference = Reference.read("gqa");
        try (Llama model = new Llama(
                        reference.at("config").config(), reference.at("weights").tensors());
                FlatParameters flat = new FlatParameters(model.parameters());
                AdamW optimiser = new AdamW(flat, AdamW.Settings.ofLlama2(), alone(flat))) {
            for (int step = 0; step < 4; step++) {
                step(model, flat, optimiser, reference, step);
            }
            Map<String, Tensor> copies = new HashMap<>();
            Memory.tidy(() -> model.parameters()
                    .forEach((name, weight) ->
                            copies.put(name, weight.detach().copy().keep())));
            try (Llama resumed = new Llama(model.config(), copies);
                    FlatParameters other = new FlatParameters(resumed.parameters());
                    AdamW restored = new AdamW(other, AdamW.Settings.ofLlama2(), alone(other))) {
                for (AdamW.Moment moment : AdamW.Moment.values()) {
                    Memory.tidy(() -> restored.restore(moment, optimiser.gathered(moment)));
                }
                for (int step = 4; step < 7; step++) {
                    step(model, flat, optimiser, reference, step);
                    step(resumed, other, restored, reference, step);
                }
                assertThat(other.parameters().toFloats())
                        .containsExactly(flat.parameters().toFloats());
                assertThatThrownBy(() -> restored.restore(AdamW.Moment.EXP_AVG, Map.of()))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("is missing; it belongs to another model");
            }
        }
    }

    @Test
    void aModelOutlivesItsFlatParameters() {
        Reference reference = Reference.read("gqa");
        try (Llama model = new Llama(
                reference.at("config").config(), reference.at("weights").tensors())) {
            Map<String, float[]> before = Reference.read(model.parameters());
            new FlatParameters(model.parameters()).close();
            assertThat(Reference.relativeDistance(Reference.read(model.parameters()), before))
                    .isZero();
            assertThat(model.parameters().values()).noneMatch(Tensor::hasGradient);
        }
    }

    @Test
    void clippingByHand() {
        Memory.tidy(() -> {
            Spread threeElements = new Spread(3, Communicator.single());
            Tensor gradients = Tensors.of(new float[] {3, 0, -4});
            assertThat(GradientClipping.byGlobalNorm(threeElements, gradients, 10))
                    .isCloseTo(5, within(1e-6));
            assertThat(gradients.toFloats()).containsExactly(3, 0, -4);
            GradientClipping.byGlobalNorm(threeElements, gradients, 1);
            assertThat(gradients.toFloats()).containsExactly(new float[] {0.6f, 0, -0.8f}, within(1e-6f));
            Tensor broken = Tensors.full(Double.NaN, DataType.FLOAT32, Device.cpu(), 3);
            assertThatThrownBy(() -> GradientClipping.byGlobalNorm(threeElements, broken, 1))
                    .isInstanceOf(NonFiniteGradientException.class)
                    .hasMessageContaining("the gradient's norm is NaN; the weights were not changed");
            assertThatThrownBy(() -> GradientClipping.byGlobalNorm(threeElements, gradients, 0))
                    .hasMessage("max norm: 0.0 must be above 0");
        });
    }
}
