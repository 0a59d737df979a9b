package org.hone.model.loss;

import java.util.Random;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class RankingLossTest {
    private static double loss(double[] chosen, double[] rejected, float... margins) {
        return Memory.tidy(() -> RankingLoss.sum(Tensors.of(chosen), Tensors.of(rejected), margins)
                .item());
    }

    @Test
    void byHand() {
        // −ln σ(0) = ln 2; −ln σ(2 − 1 − 1/3) = ln(1 + e^(−2/3)); the margin makes it larger
        assertThat(loss(new double[] {0}, new double[] {0}, 0)).isEqualTo(Math.log(2), within(1e-12));
        assertThat(loss(new double[] {2, 0}, new double[] {1, 0}, 1 / 3f, 0))
                .isEqualTo(Math.log1p(Math.exp(-2 / 3.0)) + Math.log(2), within(1e-7));
        assertThat(loss(new double[] {1}, new double[] {1}, 3)).isEqualTo(Math.log1p(Math.exp(3)), within(1e-12));
    }

    @Test
    void largeDistancesStayFinite() {
        assertThat(loss(new double[] {-900}, new double[] {900}, 1)).isEqualTo(1801);
        assertThat(loss(new double[] {900}, new double[] {-900}, 1)).isZero();
    }

    @Test
    void gradientsAreSlopes() {
        Random random = new Random(11);
        for (int trial = 0; trial < 20; trial++) {
            double[] chosen = random.doubles(5, -4, 4).toArray();
            double[] rejected = random.doubles(5, -4, 4).toArray();
            float[] margins = {0, 1, 2, 3, 1 / 3f};
            int index = random.nextInt(5);
            double[] slopes = Memory.tidy(() -> {
                Tensor left = Tensors.of(chosen.clone()).requiresGradient(true);
                Tensor right = Tensors.of(rejected.clone()).requiresGradient(true);
                RankingLoss.sum(left, right, margins).backward();
                return new double[] {
                    left.gradient().select(0, index).item(),
                    right.gradient().select(0, index).item()
                };
            });
            chosen[index] += 1e-5;
            double above = loss(chosen, rejected, margins);
            chosen[index] -= 2e-5;
            double slope = (above - loss(chosen, rejected, margins)) / 2e-5;
            assertThat(slopes[0]).isEqualTo(slope, within(1e-8)).isNegative();
            assertThat(slopes[1]).isEqualTo(-slopes[0], within(1e-15));
        }
    }

    @Test
    void sizesMustAgree() {
        assertThatThrownBy(() -> loss(new double[2], new double[1], 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rewards [2] and [1] do not belong to 1 pairs");
        assertThatThrownBy(() -> loss(new double[1], new double[2], 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rewards [1] and [2] do not belong to 1 pairs");
    }
}
