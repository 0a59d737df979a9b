package org.hone.model.tensor;

import java.util.Arrays;
import org.hone.model.random.CounterRandom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Tensors to multiply, and whether what came out is what should. */
final class RandomTensors {
    private RandomTensors() {}

    /** Uniform in [-1, 1): the same numbers in every type, but for rounding. */
    static Tensor of(long seed, DataType dataType, long... shape) {
        CounterRandom random = new CounterRandom(seed);
        double[] values =
                new double[Arrays.stream(shape).mapToInt(Math::toIntExact).reduce(1, Math::multiplyExact)];
        Arrays.setAll(values, i -> 2 * random.uniform(i) - 1);
        return Tensors.of(values, shape).to(dataType);
    }

    static void assertClose(Tensor actual, Tensor expected, double tolerance) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        assertThat(actual.toFloats()).containsExactly(expected.toFloats(), within((float) tolerance));
    }
}
