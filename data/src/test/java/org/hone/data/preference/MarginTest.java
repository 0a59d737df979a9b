package org.hone.data.preference;

import org.assertj.core.data.Offset;
import org.hone.data.dialogue.Dialogue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The numbers of the Llama 2 paper, table 27 (recipe, section 6). */
class MarginTest {
    @ParameterizedTest
    @CsvSource({
        "NONE, 0, 0, 0, 0",
        "SMALL, 1, 0.6666667, 0.3333333, 0",
        "LARGE, 3, 2, 1, 0",
    })
    void marginsAreThePapers(Margin margin, float significantly, float better, float slightly, float negligibly) {
        assertThat(margin.of(Rating.SIGNIFICANTLY_BETTER)).isEqualTo(significantly);
        assertThat(margin.of(Rating.BETTER)).isCloseTo(better, Offset.offset(1e-6f));
        assertThat(margin.of(Rating.SLIGHTLY_BETTER)).isCloseTo(slightly, Offset.offset(1e-6f));
        assertThat(margin.of(Rating.NEGLIGIBLY_BETTER_OR_UNSURE)).isEqualTo(negligibly);
        assertThat(margin.of((Rating) null)).isZero();
        assertThat(margin.of(pair(Rating.SIGNIFICANTLY_BETTER, 9f))).isEqualTo(significantly);
    }

    @Test
    void givenMarginsAreTheDatas() {
        assertThat(Margin.GIVEN.of(pair(Rating.SIGNIFICANTLY_BETTER, 0.25f))).isEqualTo(0.25f);
        assertThat(Margin.GIVEN.of(pair(Rating.SIGNIFICANTLY_BETTER, null))).isZero();
    }

    private static PreferencePair pair(Rating rating, @Nullable Float margin) {
        return new PreferencePair("id", Dialogue.ofUser("a"), "x", "y", rating, null, margin, "source", null, null);
    }
}
