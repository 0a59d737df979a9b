package org.hone.model.llama;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class ModelShapeTest {
    private static long weights(LlamaConfig config) {
        Map<String, long[]> shapes = Llama.shapes(config);
        return shapes.values().stream()
                .mapToLong(shape -> Arrays.stream(shape).reduce(1, Math::multiplyExact))
                .sum();
    }

    /** What the published checkpoints say that they have; of the first five added up by hand. */
    @ParameterizedTest
    @CsvSource({
        "260k, 260032",
        "15m, 15191712",
        "42m, 41689600",
        "110m, 109529856",
        "1.1b, 1100048384",
        "7b, 6738415616",
        "13b, 13015864320",
        "34b, 33743970304",
        "70b, 68976648192"
    })
    void everyShapeHasThePublishedNumberOfWeights(String label, long published) {
        assertThat(weights(ModelShape.named(label).config())).isEqualTo(published);
    }

    @Test
    void anUnknownNameTellsTheKnownOnes() {
        assertThat(ModelShape.named("7B")).isEqualTo(ModelShape.LLAMA_2_7B);
        assertThatThrownBy(() -> ModelShape.named("8b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("got 8b, expected one of 260k, 15m, 42m, 110m, 1.1b, 7b, 13b, 34b, 70b");
    }
}
