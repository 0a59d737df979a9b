package org.hone.model.tensor;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class FusedOpsTest {
    /** The formula of the paper in double precision, three steps with changing gradients. */
    @Test
    void adamWFollowsTheFormula() {
        double[] theta = {1, -2};
        double[] m = new double[2];
        double[] v = new double[2];
        Memory.tidy(() -> {
            Tensor parameter = Tensors.of(theta.clone());
            Tensor mean = Tensors.zerosLike(parameter);
            Tensor meanSquare = Tensors.zerosLike(parameter);
            for (int t = 1; t <= 3; t++) {
                double[] g = {0.3 * t, -0.7 + 0.5 * t};
                FusedOps.adamW(
                        parameter,
                        Tensors.of(g.clone()),
                        mean,
                        meanSquare,
                        new FusedOps.AdamWStep(t, 0.1, 0.9, 0.95, 0.2, 1e-5));
                for (int i = 0; i < 2; i++) {
                    theta[i] -= 0.1 * 0.2 * theta[i];
                    m[i] = 0.9 * m[i] + 0.1 * g[i];
                    v[i] = 0.95 * v[i] + 0.05 * g[i] * g[i];
                    theta[i] -=
                            0.1 * (m[i] / (1 - Math.pow(0.9, t))) / (Math.sqrt(v[i] / (1 - Math.pow(0.95, t))) + 1e-5);
                }
            }
            for (int i = 0; i < 2; i++) {
                assertThat(parameter.select(0, i).item()).isEqualTo(theta[i], within(1e-12));
                assertThat(mean.select(0, i).item()).isEqualTo(m[i], within(1e-12));
                assertThat(meanSquare.select(0, i).item()).isEqualTo(v[i], within(1e-12));
            }
        });
    }

    @Test
    void impossibleNumbersAreRefused() {
        assertThatThrownBy(() -> new FusedOps.AdamWStep(0, 1, 0, 0, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("step: 0 must be at least 1");
        assertThatThrownBy(() -> new FusedOps.AdamWStep(1, 1, 1, 0, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("beta1 and beta2 must be in [0, 1); got 1.0 and 0.0");
        assertThatThrownBy(() -> new FusedOps.AdamWStep(1, -1, 0, 0, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must not be negative");
    }
}
