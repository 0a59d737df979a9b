package org.hone.spark.pool;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

/** Expected values: the density of the best of m normal draws, integrated with numpy on a grid of two million points. */
final class ExpectedImprovementTest {
    @ParameterizedTest
    @CsvSource({
        "0.3, 1, 1.0, 0.5641895835431958",
        "0.3, 7, 1.0, 1.9140331590919764",
        "1 2 4.5, 1, 0.25, 0.03378948812286713",
        "1 2 4.5, 60, 0.25, 0.9975074427627466",
        "-2 -2 -2 -2 5, 3, 0.1, 0.02680051113586052",
        "0 0.1 0.2 0.3, 1000, 2.0, 3.7363449606008907"
    })
    void isWhatIntegrationSays(String rewards, int more, double variance, double expected) {
        assertThat(new ExpectedImprovement(variance).of(numbers(rewards), more)).isCloseTo(expected, within(1e-9));
    }

    @Test
    void growsWithTheDrawsAndShrinksWithTheBest() {
        ExpectedImprovement expected = new ExpectedImprovement(1);
        double before = 0;
        for (int more = 0; more < 40; more++) {
            double gain = expected.of(numbers("0 1 2"), more);
            assertThat(gain).isGreaterThanOrEqualTo(before);
            before = gain;
        }
        assertThat(expected.of(numbers("0 1 2"), 1)).isGreaterThan(expected.of(numbers("0 0 3"), 1));
    }

    @Test
    void nothingIsExpectedOfMoreOfTheSame() {
        assertThat(new ExpectedImprovement(0).of(numbers("1.5 1.5 1.5"), 9)).isZero();
        assertThat(new ExpectedImprovement(2).of(numbers("1 2"), 0)).isZero();
    }

    @Test
    void aVarianceIsNotNegative() {
        assertThatThrownBy(() -> new ExpectedImprovement(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("variance -1.0: expected at least 0");
    }

    private static Rewards numbers(String ascending) {
        return new Rewards(Arrays.stream(ascending.split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray());
    }
}
