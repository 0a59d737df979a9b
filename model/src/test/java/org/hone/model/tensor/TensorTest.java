package org.hone.model.tensor;

import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

/** Small cases by hand: that every method calls the operation that its name says, with its arguments in order. */
class TensorTest {
    private static Tensor x() {
        return Tensors.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    }

    @Test
    void arithmetic() {
        Memory.tidy(() -> {
            Tensor two = Tensors.of(new float[] {2, 2, 2});
            assertThat(x().add(two).toFloats()).containsExactly(3, 4, 5, 6, 7, 8);
            assertThat(x().sub(two).toFloats()).containsExactly(-1, 0, 1, 2, 3, 4);
            assertThat(x().mul(two).toFloats()).containsExactly(2, 4, 6, 8, 10, 12);
            assertThat(x().div(two).toFloats()).containsExactly(.5f, 1, 1.5f, 2, 2.5f, 3);
            assertThat(x().add(.5).neg().select(0, 0).toFloats()).containsExactly(-1.5f, -2.5f, -3.5f);
            Tensor ids = Tensors.of(new int[] {1, 2});
            assertThat(ids.add(1).mul(3).dataType()).isEqualTo(DataType.INT64);
            assertThat(ids.mul(.5).toFloats()).containsExactly(.5f, 1);
        });
    }

    @Test
    void shapes() {
        Memory.tidy(() -> {
            assertThat(x().view(3, -1).shape()).containsExactly(3, 2);
            assertThat(x().transpose(0, 1).reshape(6).toFloats()).containsExactly(1, 4, 2, 5, 3, 6);
            assertThat(x().narrow(1, 1, 2).toFloats()).containsExactly(2, 3, 5, 6);
            assertThat(x().select(-1, 0).toFloats()).containsExactly(1, 4);
            assertThat(x().unsqueeze(1).expand(2, 4, -1).shape()).containsExactly(2, 4, 3);
            assertThat(x().unsqueeze(0).squeeze(0).rank()).isEqualTo(2);
            assertThat(x().size(-1)).isEqualTo(3);
            assertThat(x().elements()).isEqualTo(6);
            assertThat(x().device()).isEqualTo(Device.cpu());
            assertThat(x().transpose(0, 1).isContiguous()).isFalse();
            assertThat(x().transpose(0, 1).contiguous().isContiguous()).isTrue();
            assertThatThrownBy(() -> x().view(4, 4))
                    .isInstanceOf(TensorException.class)
                    .hasMessage("shape '[4, 4]' is invalid for input of size 6");
            assertThatThrownBy(() -> x().item())
                    .isInstanceOf(TensorException.class)
                    .hasMessageContaining("cannot be converted to Scalar");
        });
    }

    @Test
    void elementwise() {
        Memory.tidy(() -> {
            Tensor half = Tensors.of(new double[] {.5});
            assertThat(Elementwise.exp(half).item()).isEqualTo(Math.exp(.5), within(1e-15));
            assertThat(Elementwise.log(half).item()).isEqualTo(Math.log(.5), within(1e-15));
            assertThat(Elementwise.sqrt(half).item()).isEqualTo(Math.sqrt(.5), within(1e-15));
            assertThat(Elementwise.rsqrt(half).item()).isEqualTo(1 / Math.sqrt(.5), within(1e-15));
            assertThat(Elementwise.sin(half).item()).isEqualTo(Math.sin(.5), within(1e-15));
            assertThat(Elementwise.cos(half).item()).isEqualTo(Math.cos(.5), within(1e-15));
            assertThat(Elementwise.pow(half, 3).item()).isEqualTo(.125);
            double sigmoid = 1 / (1 + Math.exp(-.5));
            assertThat(Elementwise.sigmoid(half).item()).isEqualTo(sigmoid, within(1e-15));
            assertThat(Elementwise.silu(half).item()).isEqualTo(.5 * sigmoid, within(1e-15));
            assertThat(Elementwise.logSigmoid(half).item()).isEqualTo(Math.log(sigmoid), within(1e-15));
            assertThat(Elementwise.logSigmoid(Tensors.of(new double[] {-800})).item())
                    .isEqualTo(-800);
            assertThat(Elementwise.abs(half.neg()).item()).isEqualTo(.5);
            assertThat(Elementwise.clamp(x(), 2, 5).toFloats()).containsExactly(2, 2, 3, 4, 5, 5);
            Tensor three = Tensors.full(3, DataType.FLOAT32, Device.cpu(), 3);
            assertThat(Elementwise.minimum(x(), three).toFloats()).containsExactly(1, 2, 3, 3, 3, 3);
            assertThat(Elementwise.maximum(x(), three).toFloats()).containsExactly(3, 3, 3, 4, 5, 6);
        });
    }

    @Test
    void comparisonsAndChoices() {
        Memory.tidy(() -> {
            Tensor three = Tensors.full(3, DataType.FLOAT32, Device.cpu(), 3);
            Tensor row = Tensors.of(new float[] {2, 3, 4});
            assertThat(Elementwise.equal(row, three).toLongs()).containsExactly(0, 1, 0);
            assertThat(Elementwise.less(row, three).toLongs()).containsExactly(1, 0, 0);
            assertThat(Elementwise.lessOrEqual(row, three).toLongs()).containsExactly(1, 1, 0);
            assertThat(Elementwise.greater(row, three).toLongs()).containsExactly(0, 0, 1);
            assertThat(Elementwise.greaterOrEqual(row, three).toLongs()).containsExactly(0, 1, 1);
            assertThat(Elementwise.equal(row, 3).toLongs()).containsExactly(0, 1, 0);
            assertThat(Elementwise.less(row, 3).toLongs()).containsExactly(1, 0, 0);
            assertThat(Elementwise.lessOrEqual(row, 3).toLongs()).containsExactly(1, 1, 0);
            assertThat(Elementwise.greater(row, 3).toLongs()).containsExactly(0, 0, 1);
            assertThat(Elementwise.greaterOrEqual(row, 3).toLongs()).containsExactly(0, 1, 1);
            Tensor mask = Elementwise.not(Elementwise.equal(row, 3));
            assertThat(Elementwise.where(mask, row, three.neg()).toFloats()).containsExactly(2, -3, 4);
            assertThat(Elementwise.maskedFill(row, mask, 0).toFloats()).containsExactly(0, 3, 0);
        });
    }

    @Test
    void reductions() {
        Memory.tidy(() -> {
            assertThat(Reductions.sum(x()).item()).isEqualTo(21);
            assertThat(Reductions.sum(x(), 0).toFloats()).containsExactly(5, 7, 9);
            assertThat(Reductions.mean(x()).item()).isEqualTo(3.5);
            assertThat(Reductions.mean(x(), 1).toFloats()).containsExactly(2, 5);
            assertThat(Reductions.max(x()).item()).isEqualTo(6);
            assertThat(Reductions.min(x()).item()).isEqualTo(1);
            Tensor mixed = Tensors.of(new float[] {3, 9, 1, 8, 2, 8}, 2, 3);
            assertThat(Reductions.max(mixed, 1).values().toFloats()).containsExactly(9, 8);
            assertThat(Reductions.min(mixed, 1).indices().toLongs()).containsExactly(2, 1);
            assertThat(Reductions.argmax(mixed, 1).toLongs()).containsExactly(1, 0);
            assertThat(Reductions.topK(mixed, 2, 1).values().toFloats()).containsExactly(9, 3, 8, 8);
            assertThat(Reductions.sort(mixed, 1, true).indices().toLongs()).containsExactly(1, 0, 2, 0, 2, 1);
            assertThat(Reductions.sort(mixed, 1, false).values().toFloats()).containsExactly(1, 3, 9, 2, 8, 8);
            assertThat(Reductions.cumulativeSum(x(), 1).toFloats()).containsExactly(1, 3, 6, 4, 9, 15);
            assertThat(Reductions.softmax(Tensors.of(new float[] {0, (float) Math.log(3)}), 0)
                            .toFloats())
                    .containsExactly(new float[] {.25f, .75f}, within(1e-7f));
            assertThat(Reductions.logSoftmax(Tensors.of(new double[] {0, Math.log(3)}), 0)
                            .select(0, 0)
                            .item())
                    .isEqualTo(-Math.log(4), within(1e-15));
            assertThat(Reductions.logSumExp(Tensors.of(new double[] {1000, 1000}), 0)
                            .item())
                    .isEqualTo(1000 + Math.log(2), within(1e-12));
            assertThat(Reductions.norm(Tensors.of(new float[] {3, 4}, 1, 2)).item())
                    .isEqualTo(5);
        });
    }

    @Test
    void indexing() {
        Memory.tidy(() -> {
            assertThat(Indexing.concatenate(List.of(x(), x()), 1).shape()).containsExactly(2, 6);
            assertThat(Indexing.stack(List.of(x(), x()), 0).shape()).containsExactly(2, 2, 3);
            assertThat(Indexing.indexSelect(x(), 1, Tensors.of(new int[] {2, 0}))
                            .toFloats())
                    .containsExactly(3, 1, 6, 4);
            assertThat(Indexing.gather(x(), 1, Tensors.of(new int[] {2, 0}, 2, 1))
                            .toFloats())
                    .containsExactly(3, 4);
            assertThat(Indexing.repeatInterleave(x().select(0, 0), 2, 0).toFloats())
                    .containsExactly(1, 1, 2, 2, 3, 3);
            assertThat(Indexing.roll(x(), 1, 1).toFloats()).containsExactly(3, 1, 2, 6, 4, 5);
            assertThat(Tensors.range(2, 5, Device.cpu()).toLongs()).containsExactly(2, 3, 4);
        });
    }

    @Test
    void inPlaceChangesTheMemoryThatViewsShare() {
        Memory.tidy(() -> {
            Tensor memory = Tensors.zeros(4).requiresGradient(true);
            Tensor part = memory.detach().narrow(0, 1, 2);
            InPlace.fill(part, 3);
            InPlace.add(part, Tensors.of(new float[] {1, 2}));
            InPlace.addScaled(part, Tensors.of(new float[] {1, 1}), -.5);
            InPlace.mul(part, 2);
            assertThat(memory.toFloats()).containsExactly(0, 7, 9, 0);
            InPlace.add(memory, 1);
            InPlace.sub(memory, Tensors.scalar(.5));
            InPlace.div(memory, Tensors.scalar(.5));
            InPlace.mul(memory, Tensors.of(new float[] {1, 1, 1, -1}));
            assertThat(memory.toFloats()).containsExactly(1, 15, 19, -1);
            InPlace.maskedFill(memory, Elementwise.greater(memory, 10), 0);
            InPlace.copy(part, Tensors.of(new int[] {5, 6}));
            assertThat(memory.toFloats()).containsExactly(1, 5, 6, -1);
            InPlace.zero(memory);
            assertThat(Reductions.sum(memory).item()).isZero();
        });
    }

    @Test
    void gradientsAddUpInGivenMemory() {
        Memory.tidy(() -> {
            Tensor flat = Tensors.zeros(4);
            Tensor leaf = Tensors.of(new float[] {2, 3}).requiresGradient(true);
            assertThat(leaf.hasGradient()).isFalse();
            assertThatThrownBy(leaf::gradient)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("has no gradient");
            leaf.setGradient(flat.narrow(0, 1, 2));
            Reductions.sum(leaf.mul(leaf)).backward();
            Reductions.sum(leaf.mul(10)).backward();
            assertThat(flat.toFloats()).containsExactly(0, 14, 16, 0);
            assertThat(leaf.gradient().toFloats()).containsExactly(14, 16);
            leaf.clearGradient();
            assertThat(leaf.hasGradient()).isFalse();
        });
    }
}
