package org.hone.model.tensor;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.hone.model.tensor.RandomTensors.assertClose;

/** Against the plain product in double precision, on the way back too. */
final class PointwiseConvolutionTest {
    private static Tensor leaf(long seed, DataType dataType, long... shape) {
        return RandomTensors.of(seed, dataType, shape).copy().requiresGradient(true);
    }

    private static void multiplies(DataType dataType, double tolerance, int in, int out, long... rows) {
        Memory.tidy(() -> {
            long[] shape = Arrays.copyOf(rows, rows.length + 1);
            shape[rows.length] = in;
            Tensor x = leaf(1, dataType, shape);
            Tensor weight = leaf(2, dataType, out, in);
            Tensor precise = leaf(1, DataType.FLOAT64, shape);
            Tensor preciseWeight = leaf(2, DataType.FLOAT64, out, in);
            Tensor product = PointwiseConvolution.linear(x, weight);
            Tensor expected = Layers.linear(precise, preciseWeight);
            assertClose(product, expected, tolerance);
            shape[rows.length] = out;
            Tensor slope = RandomTensors.of(3, DataType.FLOAT64, shape);
            Autograd.backward(product, slope.to(dataType));
            Autograd.backward(expected, slope);
            assertClose(x.gradient(), precise.gradient(), tolerance);
            assertClose(weight.gradient(), preciseWeight.gradient(), 20 * tolerance);
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
