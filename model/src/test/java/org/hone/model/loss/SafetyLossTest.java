package org.hone.model.loss;

import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class SafetyLossTest {
    private static double loss(double[] logits, boolean... safe) {
        return Memory.tidy(() -> SafetyLoss.sum(Tensors.of(logits), safe).item());
    }

    @Test
    void byHand() {
        // −ln σ(0) = ln 2; −ln σ(2) = ln(1 + e⁻²) if safe, −ln σ(−2) = ln(1 + e²) if not
        assertThat(loss(new double[] {0}, true)).isEqualTo(Math.log(2), within(1e-12));
        assertThat(loss(new double[] {2, 2}, true, false))
                .isEqualTo(Math.log1p(Math.exp(-2)) + Math.log1p(Math.exp(2)), within(1e-12));
        assertThat(loss(new double[] {900, -900}, false, true))
                .as("far out it is the distance, not infinity")
                .isEqualTo(1800);
    }

    @Test
    void slopesPointTowardsTheLabel() {
        Memory.tidy(() -> {
            Tensor logits = Tensors.of(new double[] {0.5, 0.5}).requiresGradient(true);
            SafetyLoss.sum(logits, new boolean[] {true, false}).backward();
            double likely = 1 / (1 + Math.exp(-0.5));
            assertThat(logits.gradient().select(0, 0).item()).isEqualTo(likely - 1, within(1e-12));
            assertThat(logits.gradient().select(0, 1).item()).isEqualTo(likely, within(1e-12));
        });
    }

    @Test
    void sizesMustAgree() {
        assertThatThrownBy(() -> loss(new double[2], true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("logits [2] do not belong to 1 labels");
    }

    @Test
    void centringIsTheSquareOfTheSumOfBothRewards() {
        double sum = Memory.tidy(() -> RewardCentering.sum(
                        Tensors.of(new double[] {1, -2}), Tensors.of(new double[] {0.5, 2}))
                .item());
        assertThat(sum).isEqualTo(1.5 * 1.5 + 0);
    }
}
