package org.hone.model.random;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RandomTest {
    private static final JsonNode REFERENCE = reference();

    @Test
    void countsThroughTheStreamOfTheJavaPlatformsSplitMix64() {
        for (long seed : new long[] {0, 1, -1, 1234567, Long.MIN_VALUE}) {
            SplittableRandom platform = new SplittableRandom(seed);
            CounterRandom random = new CounterRandom(seed);
            for (int counter = 0; counter < 100; counter++) {
                assertThat(random.bits(counter)).isEqualTo(platform.nextLong());
            }
        }
    }

    @Test
    void uniformNumbersEqualTheSecondImplementation() {
        CounterRandom random = new CounterRandom(42);
        for (int counter = 0; counter < 8; counter++) {
            assertThat(random.uniform(counter))
                    .isEqualTo(REFERENCE.path("uniform").get(counter).doubleValue());
        }
        // negative control: the neighbouring stream differs
        assertThat(new CounterRandom(43).uniform(0))
                .isNotEqualTo(REFERENCE.path("uniform").get(0).doubleValue());
    }

    @Test
    void uniformNumbersFillTheUnitIntervalEvenly() {
        int[] counts = new int[10];
        CounterRandom random = new CounterRandom(Seeds.mix(7));
        for (int counter = 0; counter < 100_000; counter++) {
            counts[(int) (random.uniform(counter) * 10)]++;
        }
        double chiSquare = Arrays.stream(counts)
                .mapToDouble(count -> Math.pow(count - 10_000.0, 2) / 10_000.0)
                .sum();
        // 9 degrees of freedom: 99.9 % lie below 27.88
        assertThat(chiSquare).isBetween(0.1, 27.88);
    }

    @Test
    void hashEqualsThePublishedVectorsOfFnv1a() {
        assertThat(Seeds.hash("")).isEqualTo(0xcbf29ce484222325L);
        assertThat(Seeds.hash("a")).isEqualTo(0xaf63dc4c8601ec8cL);
        assertThat(Seeds.hash("foobar")).isEqualTo(0x85944171f73967e8L);
    }

    @Test
    void mixingDependsOnEveryValueItsPlaceAndTheNumberOfValues() {
        assertThat(Seeds.mix(20, 3, Seeds.hash("prompt-İ1"), -5))
                .isEqualTo(REFERENCE.path("mix").longValue());
        assertThat(Seeds.mix(1, 2)).isNotEqualTo(Seeds.mix(2, 1));
        assertThat(Seeds.mix(1)).isNotEqualTo(Seeds.mix(1, 0));
        assertThat(Seeds.mix()).isNotEqualTo(Seeds.mix(0));
    }

    @Test
    void permutationEqualsTheSecondImplementation() {
        int[] expected = new int[37];
        for (int place = 0; place < 37; place++) {
            expected[place] = REFERENCE.path("permutation").get(place).intValue();
        }
        assertThat(Permutation.of(37, 123456789)).containsExactly(expected);
        assertThat(Permutation.of(37, 123456790)).isNotEqualTo(expected);
        assertThat(Permutation.of(0, 1)).isEmpty();
        assertThat(Permutation.of(1, 1)).containsExactly(0);
    }

    @Test
    void everyOrderOfThreeRowsIsEquallyLikely() {
        int[] counts = new int[27];
        for (int seed = 0; seed < 60_000; seed++) {
            int[] order = Permutation.of(3, Seeds.mix(seed));
            counts[order[0] * 9 + order[1] * 3 + order[2]]++;
        }
        int[] seen = Arrays.stream(counts).filter(count -> count > 0).toArray();
        assertThat(seen).hasSize(6);
        double chiSquare = Arrays.stream(seen)
                .mapToDouble(count -> Math.pow(count - 10_000.0, 2) / 10_000.0)
                .sum();
        // 5 degrees of freedom: 99.9 % lie below 20.52
        assertThat(chiSquare).isLessThan(20.52);
    }

    @Test
    void refusesWhatCannotBeDrawn() {
        assertThatThrownBy(() -> new CounterRandom(1).below(0, 0)).hasMessage("bound: 0 must be at least 1");
        assertThatThrownBy(() -> Permutation.of(-1, 1)).hasMessage("size: -1 must be at least 0");
    }

    private static JsonNode reference() {
        try (InputStream input = RandomTest.class.getResourceAsStream("reference.json")) {
            return new ObjectMapper().readTree(input);
        } catch (IOException problem) {
            throw new IllegalStateException(problem);
        }
    }
}
