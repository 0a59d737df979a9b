package org.hone.model.tensor;

import java.util.Arrays;
import org.hone.model.random.CounterRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Against the plain product in double precision, on the way back too. */
final class PointwiseConvolutionTest {
    private static double[] random(long seed, int count) {
        CounterRandom random = new CounterRandom(seed);
        double[] values = new double[count];
        Arrays.setAll(values, i -> 2 * random.uniform(i) - 1);
        return values;
    }

    private static Tensor of(long seed, DataType dataType, long... shape) {
        int count = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        return Tensors.of(random(seed, count), shape).to(dataType).copy().requiresGradient(true);
    }

    private static void close(Tensor actual, Tensor expected, double tolerance) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        assertThat(actual.toFloats()).containsExactly(expected.toFloats(), within((float) tolerance));
    }

    private static void multiplies(DataType dataType, double tolerance, int in, int out, long... rows) {
        Memory.tidy(() -> {
            long[] shape = Arrays.copyOf(rows, rows.length + 1);
            shape[rows.length] = in;
            Tensor x = of(1, dataType, shape);
            Tensor weight = of(2, dataType, out, in);
            Tensor precise = of(1, DataType.FLOAT64, shape);
            Tensor preciseWeight = of(2, DataType.FLOAT64, out, in);
            Tensor product = PointwiseConvolution.linear(x, weight);
            Tensor expected = Layers.linear(precise, preciseWeight);
            close(product, expected, tolerance);
            shape[rows.length] = out;
            Tensor slope = of(3, DataType.FLOAT64, shape).detach();
            Autograd.backward(product, slope.to(dataType));
            Autograd.backward(expected, slope);
            close(x.gradient(), precise.gradient(), tolerance);
            close(weight.gradient(), preciseWeight.gradient(), 20 * tolerance);
        });
    }

    @ParameterizedTest
    @CsvSource({"256, 96, 48", "257, 96, 200", "64, 1000, 3", "1000, 30, 1", "3, 8, 8"})
    void rowsAreMultiplied(int rows, int in, int out) {
        multiplies(DataType.FLOAT32, 5e-5, in, out, rows);
    }

    @ParameterizedTest
    @CsvSource({"FLOAT32, 2e-5", "FLOAT64, 1e-12"})
    void rowsOfBatchesAreMultiplied(DataType dataType, double tolerance) {
        multiplies(dataType, tolerance, 70, 33, 5, 90);
    }
}
