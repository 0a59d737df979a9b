package org.hone.spark.evaluation;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Intervals against hand arithmetic; many more values are in {@link EvaluationReportTest}'s reference. */
final class IntervalTest {
    @Test
    void nothingOutOfTenIsNotSurelyNothing() {
        // p = 0: low 0, high z²/n / (1 + z²/n) = 0.384146 / 1.384146
        Interval none = Interval.wilson(0, 10);
        assertThat(none.low()).isZero();
        assertThat(none.high()).isCloseTo(0.277533, within(1e-6));
        Interval all = Interval.wilson(10, 10);
        assertThat(all.low()).isCloseTo(1 - 0.277533, within(1e-6));
        assertThat(all.high()).isCloseTo(1, within(1e-12));
    }

    @Test
    void halfOfFourIsSymmetric() {
        // (0.5 + z²/8 ± z √(1/16 + z²/64)) / (1 + z²/4)
        Interval half = Interval.wilson(2, 4);
        assertThat(half.low()).isCloseTo(0.150039, within(1e-6));
        assertThat(half.high()).isCloseTo(0.849961, within(1e-6));
    }

    @Test
    void aCorrelationOfNothingFromTwelveReachesHalfAndMore() {
        // tanh(z / 3)
        Interval none = Interval.fisher(0, 12);
        assertThat(none.high()).isCloseTo(0.573902, within(1e-6));
        assertThat(none.low()).isCloseTo(-0.573902, within(1e-6));
    }

    @Test
    void aConstantCorrelatesWithNothing() {
        Moments constant = new Moments(3, BigDecimal.valueOf(6), BigDecimal.valueOf(12));
        Moments rising = new Moments(3, BigDecimal.valueOf(6), BigDecimal.valueOf(14));
        assertThat(Moments.correlation(constant, rising, BigDecimal.valueOf(12)))
                .isNaN();
        assertThat(Moments.correlation(rising, rising, BigDecimal.valueOf(14))).isEqualTo(1);
        assertThat(rising.deviation()).isEqualTo(1);
        assertThat(constant.deviation()).isZero();
    }
}
