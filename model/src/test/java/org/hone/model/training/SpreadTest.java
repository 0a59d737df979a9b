package org.hone.model.training;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.hone.model.distributed.Communicator;
import org.hone.model.distributed.LocalRanks;
import org.hone.model.tensor.InPlace;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** An optimiser of which each rank does a part, against one that does all of it. */
class SpreadTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final AdamW.Settings SETTINGS = AdamW.Settings.ofLlama2();

    /** What a rank ends with. */
    @SuppressWarnings("ArrayRecordComponent") // compared element by element only
    private record Trained(float[] parameters, List<Double> norms, List<float[]> moments, long ownElements) {}

    private static float[] numbers(int count, long seed) {
        float[] numbers = new float[count];
        Random random = new Random(seed);
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    /** Two matrices and two vectors of odd sizes, so that parts begin and end in the middle of them. */
    private static Map<String, Tensor> parameters() {
        Map<String, Tensor> made = new LinkedHashMap<>();
        Memory.tidy(() -> {
            made.put("a", Tensors.of(numbers(301 * 233, 1), 301, 233).keep());
            made.put("norm", Tensors.of(numbers(77, 2)).keep());
            made.put("b", Tensors.of(numbers(97 * 1001, 3), 97, 1001).keep());
            made.put("bias", Tensors.of(numbers(90_011, 4)).keep());
        });
        made.values().forEach(tensor -> tensor.requiresGradient(true));
        return made;
    }

    private static Trained train(Communicator communicator, int steps) {
        Map<String, Tensor> parameters = parameters();
        try (FlatParameters flat = new FlatParameters(parameters)) {
            Spread spread = new Spread(flat.gradients().elements(), communicator);
            try (AdamW optimizer = new AdamW(flat, SETTINGS, spread)) {
                List<Double> norms = new ArrayList<>();
                for (int step = 0; step < steps; step++) {
                    fill(flat, step, communicator.size());
                    spread.reduce(flat.gradients());
                    norms.add(GradientClipping.byGlobalNorm(spread, flat.gradients(), 100));
                    optimizer.step(1e-2);
                    if (step == steps / 2) {
                        restored(optimizer);
                    }
                }
                return new Trained(
                        flat.parameters().toFloats(),
                        norms,
                        List.of(moment(optimizer, AdamW.Moment.EXP_AVG), moment(optimizer, AdamW.Moment.EXP_AVG_SQ)),
                        spread.part().length());
            }
        } finally {
            parameters.values().forEach(Tensor::close);
        }
    }

    /** Each rank has its share of a gradient; a division by a power of two is exact. */
    private static void fill(FlatParameters flat, int step, int ranks) {
        Memory.tidy(() -> {
            for (String name : flat.names()) {
                Tensor place = flat.view(flat.gradients(), name);
                Tensor whole = Tensors.of(numbers((int) place.elements(), 100 * step + name.length()));
                InPlace.copy(place, whole.mul(1.0 / ranks).reshape(place.shape()));
            }
        });
    }

    /** A checkpoint in the middle loses nothing. */
    private static void restored(AdamW optimizer) {
        for (AdamW.Moment moment : AdamW.Moment.values()) {
            Memory.tidy(() -> {
                Map<String, Tensor> copies = new LinkedHashMap<>();
                optimizer.gathered(moment).forEach((name, tensor) -> copies.put(name, tensor.copy()));
                optimizer.restore(moment, copies);
            });
        }
    }

    private static float[] moment(AdamW optimizer, AdamW.Moment moment) {
        return Memory.tidy(() -> {
            Map<String, Tensor> state = optimizer.gathered(moment);
            return Objects.requireNonNull(state.get(moment.of("bias"))).toFloats();
        });
    }

    @ParameterizedTest
    @EnumSource
    void theNumberOfRanksChangesNoBit(LocalRanks.Way way) {
        Trained alone = LocalRanks.run(1, TIMEOUT, communicator -> train(communicator, 5))
                .get(0);
        assertThat(alone.parameters()).doesNotContain(Float.NaN);
        assertThat(alone.norms()).allSatisfy(norm -> assertThat(norm).isGreaterThan(100)); // so clipping is at work
        for (int ranks : new int[] {2, 4}) {
            List<Trained> trained = LocalRanks.run(way, ranks, TIMEOUT, communicator -> train(communicator, 5));
            for (Trained rank : trained) {
                assertThat(rank.norms()).isEqualTo(alone.norms());
                assertThat(Arrays.equals(rank.parameters(), alone.parameters()))
                        .as("%s ranks", ranks)
                        .isTrue();
                assertThat(rank.moments().get(0)).isEqualTo(alone.moments().get(0));
                assertThat(rank.moments().get(1)).isEqualTo(alone.moments().get(1));
            }
            assertThat(trained.stream().mapToLong(Trained::ownElements).sum()).isEqualTo(alone.parameters().length);
            assertThat(trained.stream().mapToLong(Trained::ownElements).max().orElseThrow())
                    .isLessThan(alone.parameters().length);
        }
    }

    @Test
    void threeRanksDoAllOfItEach() {
        Trained alone = LocalRanks.run(1, TIMEOUT, communicator -> train(communicator, 3))
                .get(0);
        for (Trained rank : LocalRanks.run(3, TIMEOUT, communicator -> train(communicator, 3))) {
            assertThat(rank.ownElements()).isEqualTo(alone.parameters().length);
            assertThat(rank.parameters()).containsExactly(alone.parameters(), within(1e-3f));
        }
    }
}
