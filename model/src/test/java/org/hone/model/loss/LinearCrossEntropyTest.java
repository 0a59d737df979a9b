package org.hone.model.loss;

import java.util.Arrays;
import org.hone.model.random.CounterRandom;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Elementwise;
import org.hone.model.tensor.Layers;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Reductions;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Against PyTorch's own product, cross-entropy and automatic differentiation, in double precision. */
final class LinearCrossEntropyTest {
    private static final int VOCABULARY = 100_003;
    private static final int HIDDEN = 4;
    private static final double SCALE = 0.125;
    private static final long NO_TARGET = -100;

    /** One token, a piece of 81, and pieces of which the last is not full. */
    @ParameterizedTest
    @CsvSource({
        "FLOAT64, 200, 1e-12",
        "FLOAT32, 1, 2e-5",
        "FLOAT32, 81, 2e-5",
        "FLOAT32, 200, 2e-5",
        "BFLOAT16, 200, 2e-2"
    })
    void lossAndGradientsAreThoseOfAllLogitsTogether(DataType compute, int tokens, double tolerance) {
        assertThat(LinearCrossEntropy.tokensAtOnce(VOCABULARY)).isEqualTo(81);
        int[] targets = new int[tokens];
        Arrays.setAll(targets, i -> (int) ((i % 7) * (VOCABULARY - 1L) / 6));
        Memory.tidy(() -> {
            Tensor hidden = uniform(1, tokens, HIDDEN).to(compute).to(DataType.FLOAT64);
            Tensor weight = uniform(2, VOCABULARY, HIDDEN).to(compute).to(DataType.FLOAT64);
            Tensor expectedHidden = hidden.copy().requiresGradient(true);
            Tensor expectedWeight = weight.copy().requiresGradient(true);
            Tensor loss = Layers.crossEntropySum(
                    Layers.linear(expectedHidden, expectedWeight), Tensors.of(targets), NO_TARGET);
            loss.mul(SCALE).backward();

            // the weights themselves are kept at least in single precision
            Tensor kept = weight.to(compute.atLeastSingle()).copy().requiresGradient(true);
            LinearCrossEntropy head = new LinearCrossEntropy(kept, compute);
            Tensor given = hidden.to(kept.dataType());
            LinearCrossEntropy.Result found = head.backward(given, targets, SCALE);

            assertThat(found.loss()).isCloseTo(loss.item(), within(tolerance * loss.item()));
            assertThat(head.loss(given, targets)).isEqualTo(found.loss());
            assertClose(found.hiddenGradient(), expectedHidden.gradient(), tolerance);
            assertClose(kept.gradient(), expectedWeight.gradient(), tolerance);
        });
    }

    private static Tensor uniform(long seed, int rows, int columns) {
        CounterRandom random = new CounterRandom(seed);
        double[] values = new double[rows * columns];
        Arrays.setAll(values, i -> 2 * random.uniform(i) - 1);
        return Tensors.of(values, rows, columns);
    }

    /** Relative to the largest number, as sums of many are off by that. */
    private static void assertClose(Tensor actual, Tensor expected, double tolerance) {
        double apart = Reductions.max(
                        Elementwise.abs(actual.to(DataType.FLOAT64).sub(expected)))
                .item();
        double largest = Reductions.max(Elementwise.abs(expected)).item();
        assertThat(apart).isLessThanOrEqualTo(tolerance * largest);
    }
}
