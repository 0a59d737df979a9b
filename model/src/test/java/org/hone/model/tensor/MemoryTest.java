package org.hone.model.tensor;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class MemoryTest {
    private long before;

    @BeforeEach
    void count() {
        before = Memory.liveTensors();
    }

    @Test
    void regionFreesWhatItMade() {
        List<Tensor> escaped = new ArrayList<>();
        double sum = Memory.tidy(() -> {
            Tensor ones = Tensors.full(1, DataType.FLOAT32, Device.cpu(), 3);
            escaped.add(ones);
            assertThat(Memory.liveTensors()).isGreaterThan(before);
            return Reductions.sum(ones.add(ones)).item();
        });
        assertThat(sum).isEqualTo(6);
        assertThat(Memory.liveTensors()).isEqualTo(before);
        assertThatThrownBy(() -> escaped.get(0).toFloats())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("tidy region has ended");
    }

    @Test
    void regionFreesWhatItMadeWhenItFails() {
        assertThatThrownBy(() -> Memory.tidy(() -> Layers.matmul(Tensors.zeros(2, 3), Tensors.zeros(2, 3))))
                .isInstanceOf(TensorException.class)
                .hasMessage("mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)");
        assertThat(Memory.liveTensors()).isEqualTo(before);
    }

    @Test
    void operationsOutsideARegionAreRefused() {
        assertThatThrownBy(() -> Tensors.zeros(2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Memory.tidy");
        Tensor kept = Memory.tidy(() -> Tensors.zeros(2));
        assertThatThrownBy(kept::neg).isInstanceOf(IllegalStateException.class).hasMessageContaining("Memory.tidy");
        kept.close();
        kept.close();
        assertThat(Memory.liveTensors()).isEqualTo(before);
    }

    @Test
    void aReturnedTensorMovesOutOneRegionAtATime() {
        Tensor mine = Memory.tidy(() -> {
            Tensor inner = Memory.tidy(() -> Tensors.of(new float[] {1, 2}).add(1));
            Memory.tidy(() -> inner.add(1));
            assertThat(inner.toFloats()).containsExactly(2, 3);
            Memory.tidy(() -> Tensors.zeros(9));
            return inner.mul(2);
        });
        assertThat(mine.toFloats()).containsExactly(4, 6);
        assertThat(Memory.liveTensors()).isEqualTo(before + 1);
        mine.close();
        assertThat(Memory.liveTensors()).isEqualTo(before);
    }

    @Test
    void aTensorOfAnOuterRegionIsNotMovedByReturningIt() {
        Memory.tidy(() -> {
            Tensor outer = Tensors.of(new float[] {7});
            Tensor same = Memory.tidy(() -> outer);
            assertThat(same.toFloats()).containsExactly(7);
        });
        assertThat(Memory.liveTensors()).isEqualTo(before);
    }

    @Test
    void keptTensorsOutliveTheirRegion() throws InterruptedException {
        List<Tensor> kept = new ArrayList<>();
        Memory.tidy(() -> {
            for (int i = 0; i < 3; i++) {
                kept.add(Tensors.of(new float[] {i}).add(1).keep());
            }
            kept.get(0).close();
        });
        assertThat(Memory.liveTensors()).isEqualTo(before + 2);
        Thread reader = new Thread(() -> assertThat(kept.get(2).toFloats()).containsExactly(3));
        reader.start();
        reader.join();
        kept.forEach(Tensor::close);
        assertThat(Memory.liveTensors()).isEqualTo(before);
    }

    @Test
    void closingInsideARegionFreesEarly() {
        Memory.tidy(() -> {
            Tensor large = Tensors.zeros(1000);
            large.close();
            assertThat(Memory.liveTensors()).isEqualTo(before);
            assertThat(large).hasToString("Tensor[freed]");
        });
    }

    @Test
    void gradientsAreRecordedOnlyWhereWanted() {
        Memory.tidy(() -> {
            Tensor x = Tensors.of(new float[] {3}).requiresGradient(true);
            assertThat(x.mul(x).requiresGradient()).isTrue();
            assertThat(Memory.withoutGradients(() -> x.mul(x)).requiresGradient())
                    .isFalse();
            assertThat(Memory.inference(() -> x.mul(x)).requiresGradient()).isFalse();
            assertThatThrownBy(() -> Memory.withoutGradients(() -> Layers.matmul(x, Tensors.zeros(2, 2))))
                    .isInstanceOf(TensorException.class)
                    .hasMessageContaining("cannot be multiplied (1x1 and 2x2)");
            assertThat(x.mul(x).requiresGradient()).isTrue();
        });
    }

    /** Some hundred training steps of a small network: neither tensors nor resident memory may grow. */
    @Test
    void trainingStepsDoNotLeak() {
        int width = 256;
        List<Tensor> state = Memory.tidy(() -> {
            List<Tensor> made = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                made.add(Tensors.full(i == 0 ? 0.01 : 0, DataType.FLOAT32, Device.cpu(), width, width)
                        .keep());
            }
            made.get(0).requiresGradient(true);
            return made;
        });
        Tensor weight = state.get(0);
        long settled = 0;
        for (int step = 1; step <= 600; step++) {
            FusedOps.AdamWStep numbers = new FusedOps.AdamWStep(step, 1e-3, 0.9, 0.95, 0.1, 1e-5);
            Memory.tidy(() -> {
                Tensor x = Tensors.full(0.5, DataType.FLOAT32, Device.cpu(), 64, width);
                Tensor y = Elementwise.silu(Layers.linear(Elementwise.silu(Layers.linear(x, weight)), weight));
                Reductions.mean(y.sub(x).mul(y.sub(x))).backward();
                FusedOps.adamW(weight, weight.gradient(), state.get(1), state.get(2), numbers);
                weight.clearGradient();
            });
            if (step == 200) {
                settled = Memory.residentBytes();
            }
        }
        // one forgotten activation a step would be 400 × 64 kB = 26 MB, one forgotten gradient 105 MB
        assertThat(Memory.residentBytes() - settled).isLessThan(16L << 20);
        assertThat(Memory.liveTensors()).isEqualTo(before + 3);
        state.forEach(Tensor::close);
    }

    /** The negative control of the leak test: a kept tensor a step is seen by both measures. */
    @Test
    void aLeakWouldBeSeen() {
        long settled = Memory.residentBytes();
        List<Tensor> leaked = new ArrayList<>();
        for (int step = 0; step < 400; step++) {
            // 800 MB in all: more than the free memory that earlier tests may have left behind
            leaked.add(Memory.tidy(() -> Tensors.full(1, DataType.FLOAT32, Device.cpu(), 1024, 512)));
        }
        assertThat(Memory.residentBytes() - settled).isGreaterThan(16L << 20);
        assertThat(Memory.liveTensors()).isEqualTo(before + 400);
        leaked.forEach(Tensor::close);
    }
}
