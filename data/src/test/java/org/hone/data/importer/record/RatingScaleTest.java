package org.hone.data.importer.record;

import org.hone.data.preference.Rating;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RatingScaleTest {
    @ParameterizedTest
    @CsvSource({
        "100, SIGNIFICANTLY_BETTER",
        "8, SIGNIFICANTLY_BETTER",
        "7.99, BETTER",
        "4, BETTER",
        "3.99, SLIGHTLY_BETTER",
        "2, SLIGHTLY_BETTER",
        "1.99, NEGLIGIBLY_BETTER_OR_UNSURE",
        "0, NEGLIGIBLY_BETTER_OR_UNSURE"
    })
    void aDistanceIsRatedByTheLargestBoundThatItReaches(double distance, Rating rating) {
        assertThat(new RatingScale(8, 4, 2).of(distance)).isEqualTo(rating);
    }

    @ParameterizedTest
    @CsvSource({
        "Significantly better, SIGNIFICANTLY_BETTER",
        "BETTER, BETTER",
        "slightly-better, SLIGHTLY_BETTER",
        "negligibly better / unsure, NEGLIGIBLY_BETTER_OR_UNSURE"
    })
    void namesAreReadInAnySpelling(String text, Rating rating) {
        assertThat(RatingNames.of(text)).isEqualTo(rating);
        assertThat(RatingNames.of(text + " than")).isNull();
    }

    @Test
    void boundsHaveToFall() {
        assertThatThrownBy(() -> new RatingScale(1, 2, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("bounds of a rating scale fall from significantly to slightly; got 1.0, 2.0, 3.0");
    }
}
