package org.hone.model.training;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.hone.model.distributed.Communicator;
import org.hone.model.distributed.LocalRanks;
import org.hone.model.random.CounterRandom;
import org.hone.model.tensor.InPlace;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

@Timeout(120)
class GradientAccumulatorTest {
    private static final int LANES = 8;
    private static final int LENGTH = 70_001; // some blocks, so that every rank has a part

    /** What the backward pass of a microbatch adds; numbers of many sizes, so that the order of additions shows. */
    private static float[] gradient(int microBatch) {
        CounterRandom random = new CounterRandom(microBatch);
        float[] values = new float[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            values[i] = (float) ((random.uniform(i) - 0.5) * Math.pow(10, (i + microBatch) % 5));
        }
        return values;
    }

    @SuppressWarnings("ArrayRecordComponent") // compared element by element only
    private record Sums(float[] gradients, double[] numbers) {}

    private static Sums accumulate(Communicator communicator, int microBatches) {
        return Memory.tidy(() -> {
            Tensor bucket = Tensors.of(new float[LENGTH]);
            try (GradientAccumulator accumulator = new GradientAccumulator(bucket, LANES, communicator)) {
                for (int batch = 0; batch < 2; batch++) { // the second batch owes nothing to the first
                    accumulator.begin();
                    for (int lane = accumulator.lanes().start();
                            lane < accumulator.lanes().end();
                            lane++) {
                        GradientAccumulator.Range range = accumulator.microBatches(lane, microBatches);
                        for (int m = range.start(); m < range.end(); m++) {
                            int microBatch = m;
                            Memory.tidy(() -> InPlace.add(bucket, Tensors.of(gradient(microBatch))));
                        }
                        accumulator.endLane(range.size(), lane == 0 ? 1e-9 : 1);
                    }
                    if (batch == 0) {
                        accumulator.finish();
                    }
                }
                double[] numbers = accumulator.finish();
                accumulator.spread().gather(bucket);
                return new Sums(bucket.toFloats(), numbers);
            }
        });
    }

    /** Lane by lane, then by the tree, in plain Java. */
    private static float[] naive(int microBatches) {
        float[][] lanes = new float[LANES][LENGTH];
        for (int m = 0; m < microBatches; m++) {
            add(lanes[m * LANES / microBatches], gradient(m));
        }
        for (int width = 1; width < LANES; width *= 2) {
            for (int lane = 0; lane < LANES; lane += 2 * width) {
                add(lanes[lane], lanes[lane + width]);
            }
        }
        return lanes[0];
    }

    private static void add(float[] target, float[] values) {
        for (int i = 0; i < LENGTH; i++) {
            target[i] += values[i];
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 8, 13, 32})
    void theNumberOfRanksChangesNoBit(int microBatches) {
        float[] expected = naive(microBatches);
        for (int ranks : new int[] {1, 2, 4}) {
            for (Sums sums : LocalRanks.run(
                    ranks, Duration.ofSeconds(20), communicator -> accumulate(communicator, microBatches))) {
                assertThat(sums.gradients()).as("W = %s", ranks).containsExactly(expected);
                assertThat(sums.numbers()).containsExactly(microBatches, 7 + 1e-9);
            }
        }
    }

    @Test
    void threeRanksAgreeToRounding() {
        float[] expected = naive(13);
        List<Sums> found = LocalRanks.run(3, Duration.ofSeconds(20), communicator -> accumulate(communicator, 13));
        for (Sums sums : found) {
            assertThat(sums.gradients()).containsExactly(expected, within(0.05f));
            assertThat(sums.numbers()[0]).isEqualTo(13);
        }
    }

    /** The negative control: microbatches added up in a row give other bits. */
    @Test
    void anotherOrderGivesOtherBits() {
        float[] inOrder = new float[LENGTH];
        for (int m = 0; m < 13; m++) {
            add(inOrder, gradient(m));
        }
        assertThat(Arrays.equals(inOrder, naive(13))).isFalse();
    }

    @Test
    void misuseIsRefused() {
        long before = Memory.liveTensors();
        Memory.tidy(() -> {
            Tensor bucket = Tensors.of(new float[LENGTH]);
            assertThatThrownBy(() -> new GradientAccumulator(bucket, 6, Communicator.single()))
                    .hasMessage("lanes: 6 must be a power of two; use 8");
            try (GradientAccumulator accumulator = new GradientAccumulator(bucket, 2, Communicator.single())) {
                accumulator.begin();
                accumulator.endLane(1);
                assertThatThrownBy(accumulator::finish)
                        .hasMessage("finish() after 1 of 2 lanes; call endLane() for each");
                assertThatThrownBy(() -> accumulator.endLane(1, 2)).hasMessageContaining("lanes have 1 and 2 sums");
                accumulator.begin();
                accumulator.endLane();
                accumulator.endLane();
                assertThatThrownBy(accumulator::endLane).hasMessage("all 2 lanes of this rank are done; call finish()");
            }
        });
        assertThat(Memory.liveTensors()).isEqualTo(before);
    }
}
