package org.hone.spark.training;

import java.util.List;
import java.util.Objects;
import org.hone.model.llama.Llama;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.hone.model.training.MicroBatchSums;
import org.hone.spark.fixture.TinyModels;
import org.hone.spark.shard.ShardKind;
import org.hone.spark.shard.TokenRow;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

final class PolicyTest {
    private static final TokenRow FIRST = new TokenRow("a", List.of(new int[] {1, 5, 6}, new int[] {7, 8, 2}), 0);
    private static final TokenRow SECOND = new TokenRow("b", List.of(new int[] {1}, new int[] {9, 2}), 0);
    /** A piece of a long document goes on where the last one ended: nothing comes before its first token. */
    private static final TokenRow THIRD = new TokenRow("c", List.of(new int[] {}, new int[] {4, 3, 2}), 0);

    private static final TokenRow PACKED = new TokenRow(
            "abc",
            List.of(new int[] {1, 5, 6, 7, 8, 2, 1, 9, 2, 4, 3, 2}, new int[] {3, 1, 0}, new int[] {3, 2, 3}),
            0);

    private static final GlobalBatch.Counts COUNTS = new GlobalBatch.Counts(10, 0);

    private static float[] gradient(Policy policy) {
        Tensor weight = Objects.requireNonNull(policy.parameters().get("model.layers.0.mlp.up_proj.weight"));
        float[] numbers = Memory.tidy(() -> weight.gradient().toFloats());
        policy.parameters().values().forEach(Tensor::clearGradient);
        return numbers;
    }

    @Test
    void packedRowsLearnWhatTheirExamplesLearn() {
        try (Llama llama = TinyModels.llama(0)) {
            Policy single = new Policy(llama, ShardKind.EXAMPLES, false);
            MicroBatchSums apart = single.backward(List.of(FIRST, SECOND, THIRD), COUNTS);
            float[] expected = gradient(single);
            Policy packed = new Policy(llama, ShardKind.PACKED, true);
            MicroBatchSums together = packed.backward(List.of(PACKED), COUNTS);
            assertThat(together.loss()).isEqualTo(apart.loss(), within(1e-5));
            assertThat(gradient(packed)).containsExactly(expected, within(1e-6f));
            assertThat(packed.weight(PACKED))
                    .isEqualTo(single.weight(FIRST) + single.weight(SECOND) + single.weight(THIRD))
                    .isEqualTo(3 + 2 + 2);
            assertThat(packed.length(PACKED)).isEqualTo(12);
        }
    }

    @Test
    void pairsAreRefused() {
        try (Llama llama = TinyModels.llama(0)) {
            assertThatThrownBy(() -> new Policy(llama, ShardKind.PAIRS, false))
                    .hasMessage("a policy learns examples; the shards hold pairs");
        }
    }
}
