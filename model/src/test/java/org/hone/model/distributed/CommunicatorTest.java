package org.hone.model.distributed;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.hone.model.distributed.LocalRanks.Way;
import org.hone.model.random.CounterRandom;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.InPlace;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Reductions;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

@Timeout(120)
class CommunicatorTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofSeconds(2);
    /** Joining asks for the name of an address, which takes 5 s where a name server does not answer. */
    private static final Duration AFTER_JOINING = Duration.ofSeconds(8);

    private static final int LENGTH = 1000;

    private static float[] numbers(int rank) {
        CounterRandom random = new CounterRandom(rank);
        float[] values = new float[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            values[i] = (float) ((random.uniform(i) - 0.5) * Math.pow(10, i % 7));
        }
        return values;
    }

    private static List<float[]> sums(Way way, int ranks, boolean tree) {
        return LocalRanks.run(
                way,
                ranks,
                TIMEOUT,
                communicator -> Memory.tidy(() -> {
                    Tensor values = Tensors.of(numbers(communicator.rank()));
                    if (tree) {
                        communicator.treeAllReduceSum(values);
                    } else {
                        communicator.allReduceSum(values);
                    }
                    return values.toFloats();
                }));
    }

    @ParameterizedTest
    @EnumSource
    void addsUpByATreeToTheBit(Way way) {
        float[] a = numbers(0);
        float[] b = numbers(1);
        float[] c = numbers(2);
        float[] d = numbers(3);
        float[] tree = new float[LENGTH];
        float[] inOrder = new float[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            tree[i] = (a[i] + b[i]) + (c[i] + d[i]);
            inOrder[i] = ((a[i] + b[i]) + c[i]) + d[i];
        }
        // negative control: another order of additions gives other bits
        assertThat(inOrder).isNotEqualTo(tree);
        for (float[] found : sums(way, 4, true)) {
            assertThat(found).containsExactly(tree);
        }
    }

    /** What every rank holds after its part of the sum was spread again is the all-reduced sum, bit for bit. */
    @ParameterizedTest
    @EnumSource
    void partsPutTogetherAreTheWholeSum(Way way) {
        for (int ranks : new int[] {1, 2, 4}) {
            for (int unit : new int[] {7, 64}) {
                List<float[]> whole = LocalRanks.run(
                        way,
                        ranks,
                        TIMEOUT,
                        communicator -> Memory.tidy(() -> {
                            Tensor values = Tensors.of(numbers(communicator.rank()));
                            communicator.treeAllReduceSum(values);
                            return values.toFloats();
                        }));
                List<float[]> parts = LocalRanks.run(
                        way,
                        ranks,
                        TIMEOUT,
                        communicator -> Memory.tidy(() -> {
                            Tensor values = Tensors.of(numbers(communicator.rank()));
                            Part part = communicator.treeReduceScatterSum(values, unit);
                            Tensor spread = Tensors.zeros(LENGTH);
                            InPlace.copy(
                                    spread.narrow(0, part.start(), part.length()),
                                    values.narrow(0, part.start(), part.length()));
                            communicator.allGather(spread, unit);
                            return spread.toFloats();
                        }));
                for (int rank = 0; rank < ranks; rank++) {
                    assertThat(parts.get(rank)).containsExactly(whole.get(rank));
                }
            }
        }
    }

    @Test
    void everyElementIsInOnePart() {
        for (int size : new int[] {1, 2, 8, 16}) {
            for (long elements : new long[] {1, 5, 64, 1000}) {
                int[] owners = new int[(int) elements];
                for (int rank = 0; rank < size; rank++) {
                    Part part = Part.of(rank, size, elements, 8);
                    assertThat(part.length() == 0 || part.start() % 8 == 0).isTrue();
                    for (long i = part.start(); i < part.end(); i++) {
                        owners[(int) i]++;
                    }
                }
                assertThat(owners).containsOnly(1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void addsUpOverAnyNumberOfRanks(Way way) {
        for (int ranks : new int[] {1, 2, 3}) {
            float[] expected = new float[LENGTH];
            for (int rank = 0; rank < ranks; rank++) {
                float[] values = numbers(rank);
                for (int i = 0; i < LENGTH; i++) {
                    expected[i] += values[i];
                }
            }
            List<float[]> found = sums(way, ranks, false);
            assertThat(found).hasSize(ranks);
            for (float[] sum : found) {
                assertThat(sum).containsExactly(expected, within(0.5f));
                assertThat(sum).containsExactly(found.get(0));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void addsUpTensorsLargerThanOnePieceOfAnExchange(Way way) {
        int length = (64 << 20) / Float.BYTES + 3;
        List<Double> sums = LocalRanks.run(
                way,
                2,
                TIMEOUT,
                communicator -> Memory.tidy(() -> {
                    Tensor values = Tensors.full(communicator.rank() + 1.0, DataType.FLOAT32, Device.cpu(), length);
                    communicator.treeAllReduceSum(values);
                    return values.narrow(0, length - 5, 5).toFloats()[4]
                            + Reductions.min(values).item()
                            + Reductions.max(values).item();
                }));
        assertThat(sums).containsExactly(9.0, 9.0);
    }

    @ParameterizedTest
    @EnumSource
    void sumsOfTheHostAreDoubles(Way way) {
        for (int ranks : new int[] {1, 2, 3, 4}) {
            List<double[]> sums = LocalRanks.run(
                    way, ranks, TIMEOUT, communicator -> communicator.allReduceSum(1e-12 + communicator.rank(), 1));
            for (double[] sum : sums) {
                assertThat(sum[0]).isCloseTo(ranks * (ranks - 1) / 2.0 + ranks * 1e-12, within(1e-14));
                assertThat(sum[1]).isEqualTo(ranks);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void broadcastGivesEveryRankTheRootsTensor(Way way) {
        List<float[]> found = LocalRanks.run(
                way,
                3,
                TIMEOUT,
                communicator -> Memory.tidy(() -> {
                    Tensor values = Tensors.of(numbers(communicator.rank()));
                    communicator.broadcast(values, 1);
                    communicator.barrier();
                    return values.toFloats();
                }));
        assertThat(found).allSatisfy(values -> assertThat(values).containsExactly(numbers(1)));
    }

    @ParameterizedTest
    @EnumSource
    void aTreeNeedsAPowerOfTwo(Way way) {
        assertThatThrownBy(() -> sums(way, 3, true))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a tree needs 1, 2, 4, 8 … ranks, this group has 3; use allReduceSum, or another number of"
                        + " executors");
    }

    @ParameterizedTest
    @EnumSource
    void aPeerThatLeavesIsAnErrorInTime(Way way) {
        for (boolean tree : new boolean[] {true, false}) {
            String peers = tree && way == Way.GLOO ? "rank 1" : "all ranks";
            String work = tree ? "a tree all-reduce" : "an all-reduce";
            long start = System.nanoTime();
            assertThatThrownBy(() -> LocalRanks.run(way, 2, AFTER_JOINING, communicator -> {
                        if (communicator.rank() == 1) {
                            return 0;
                        }
                        Memory.tidy(() -> {
                            if (tree) {
                                communicator.treeAllReduceSum(Tensors.zeros(5));
                            } else {
                                communicator.allReduceSum(Tensors.zeros(5));
                            }
                        });
                        return 1;
                    }))
                    .isInstanceOf(CommunicationException.class)
                    .hasMessageContaining("rank 0 of 2 waited for " + peers + " in " + work + " of Tensor[FLOAT32 [5]]")
                    .hasMessageContaining("(group test, timeout 8000 ms)")
                    .hasMessageContaining("look for the first failure in the logs of the other ranks");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(25));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPeerThatHangsIsAnErrorInTime(Way way) {
        long start = System.nanoTime();
        assertThatThrownBy(() -> LocalRanks.run(way, 2, AFTER_JOINING, communicator -> {
                    if (communicator.rank() == 1) {
                        Thread.sleep(10_000);
                        return 0;
                    }
                    communicator.barrier();
                    return 1;
                }))
                .isInstanceOf(CommunicationException.class)
                .hasMessageContaining("rank 0 of 2 waited for all ranks at a barrier");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(25));
    }

    /** Spark interrupts the threads of a stage that it gives up. */
    @Test
    void aRankThatIsInterruptedFailsAtOnceAndStaysInterrupted() {
        CountDownLatch failed = new CountDownLatch(1);
        List<Boolean> interrupted = LocalRanks.run(Way.SHARED_MEMORY, 2, TIMEOUT, communicator -> {
            if (communicator.rank() == 1) {
                // a rank that leaves would be another reason to fail
                return failed.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            }
            Thread.currentThread().interrupt();
            assertThatThrownBy(communicator::barrier)
                    .isInstanceOf(CommunicationException.class)
                    .hasMessageContaining("rank 0 of 2 waited for all ranks at a barrier")
                    .hasMessageContaining("interrupted");
            failed.countDown();
            return Thread.interrupted();
        });
        assertThat(interrupted).containsExactly(true, true);
    }

    @Test
    void aRankThatNeverJoinsIsAnErrorInTime() {
        try (Rendezvous rendezvous = Rendezvous.host("127.0.0.1", SHORT)) {
            assertThatThrownBy(() -> Communicator.gloo(rendezvous.address(), "alone", 0, 2, "127.0.0.1", SHORT))
                    .isInstanceOf(CommunicationException.class)
                    .hasMessageStartingWith(
                            "rank 0 of 2 waited for all ranks to join (group alone, timeout 2000 ms): ");
        }
    }

    @Test
    void aRendezvousThatIsGoneIsAnErrorInTime() {
        Rendezvous rendezvous = Rendezvous.host("127.0.0.1", SHORT);
        String address = rendezvous.address();
        rendezvous.close();
        assertThatThrownBy(() -> Communicator.gloo(address, "gone", 1, 2, "127.0.0.1", SHORT))
                .isInstanceOf(CommunicationException.class)
                .hasMessageStartingWith("the rendezvous at " + address + " did not answer within 2000 ms: ");
    }

    @Test
    void refusesWhatIsNoPlaceInAGroup() {
        assertThatThrownBy(() -> Communicator.gloo("127.0.0.1:1", "x", 2, 2, "127.0.0.1", SHORT))
                .hasMessage("rank: 2 of 2 must be from 0 to size - 1");
        assertThatThrownBy(() -> Communicator.gloo("127.0.0.1", "x", 0, 2, "127.0.0.1", SHORT))
                .hasMessage("address: 127.0.0.1 must be host:port");
        assertThatThrownBy(() -> Communicator.gloo("127.0.0.1:1", "", 0, 2, "127.0.0.1", SHORT))
                .hasMessage("prefix: must not be empty; use the key of the stage attempt");
        assertThatThrownBy(() -> Communicator.gloo("127.0.0.1:1", "x", 0, 2, "127.0.0.1", Duration.ZERO))
                .hasMessage("timeout: PT0S must be at least a millisecond");
    }

    @Test
    void ncclWithoutAGraphicsCardIsRefusedBeforeItsClassesLoad() {
        if (Device.cudaAvailable()) {
            return;
        }
        assertThatThrownBy(() -> Communicator.nccl("127.0.0.1:1", "x", 0, 1, 0, SHORT))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("NCCL needs a CUDA device and the GPU build of libtorch");
    }
}
