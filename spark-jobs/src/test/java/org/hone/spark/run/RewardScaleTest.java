package org.hone.spark.run;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class RewardScaleTest {
    @Test
    void byHand() {
        RewardScale scale = RewardScale.of(new double[] {1, 3, 5, 7}); // squares 9, 1, 1, 9: deviation √5
        assertThat(scale.mean()).isEqualTo(4);
        assertThat(scale.deviation()).isEqualTo(Math.sqrt(5));
        assertThat(scale.normalised(4)).isZero();
        assertThat(scale.normalised(4 + 2 * Math.sqrt(5))).isEqualTo(2);
    }

    @Test
    void equalRewardsAreOnlyMoved() {
        assertThat(RewardScale.of(new double[] {2, 2}).normalised(3)).isEqualTo(1);
    }

    @Test
    void whatIsNoScaleIsRefused() {
        assertThatThrownBy(() -> new RewardScale(0, 0))
                .hasMessage("a reward scale of mean 0.0 and deviation 0.0; expected numbers, and a deviation above 0");
        assertThatThrownBy(() -> RewardScale.of(new double[] {1, Double.NaN}))
                .hasMessageStartingWith("a reward scale of mean NaN");
    }
}
