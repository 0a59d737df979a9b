package org.hone.model.training;

import java.util.EnumSet;
import org.hone.model.llama.LlamaConfig;
import org.hone.model.llama.LowRankAdapters;
import org.hone.model.llama.ModelShape;
import org.hone.model.tensor.DataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Expected values by hand from the published numbers of weights and the layout of a block. */
final class MemoryNeedTest {
    private static final LlamaConfig CONFIG = ModelShape.LLAMA_2_7B.config();
    private static final long WEIGHTS = 6_738_415_616L;

    private static MemoryNeed.Setup setup(DataType compute, boolean recompute, int lanes, long tokens) {
        return new MemoryNeed.Setup(CONFIG, false, compute, recompute, lanes, tokens, null);
    }

    private static long part(MemoryNeed need, String name) {
        return need.parts().stream()
                .filter(part -> part.name().equals(name))
                .mapToLong(MemoryNeed.Part::bytes)
                .findFirst()
                .orElse(0);
    }

    /** Of n lanes ⌊log2 n⌋ wait at once; moments are spread over a power of two of ranks, else every rank has all. */
    @ParameterizedTest
    @CsvSource({"1, 1, 0, 8", "8, 1, 3, 8", "8, 2, 2, 4", "8, 8, 0, 1", "8, 6, 1, 8", "64, 8, 3, 1"})
    void weightsAndWhatFollowsThemAreCounted(int lanes, int ranks, int waiting, int momentBytes) {
        MemoryNeed need = MemoryNeed.of(setup(DataType.FLOAT32, true, lanes, 4_096), ranks);
        assertThat(part(need, "weights")).isEqualTo(4 * WEIGHTS);
        assertThat(part(need, "gradients")).isEqualTo(4 * WEIGHTS);
        assertThat(part(need, "gradient lanes")).isEqualTo(4 * WEIGHTS * waiting);
        assertThat(part(need, "AdamW moments")).isEqualTo(momentBytes * WEIGHTS);
        assertThat(part(need, "exchange with peers")).isEqualTo(ranks == 1 ? 0 : 16L << 20);
        assertThat(need.bytes())
                .isEqualTo(
                        need.parts().stream().mapToLong(MemoryNeed.Part::bytes).sum());
    }

    @Test
    void checkpointingRemembersAHiddenStateABlock() {
        MemoryNeed need = MemoryNeed.of(setup(DataType.FLOAT32, true, 1, 1_000), 1);
        assertThat(part(need, "remembered activations")).isEqualTo((32 + 2) * 4L * 4_096 * 1_000);
        MemoryNeed all = MemoryNeed.of(setup(DataType.FLOAT32, false, 1, 1_000), 1);
        // 6 of H, 3 of the queries, 2 of the keys and 4 of the feed-forward width, and 32 sums of the softmax
        long block = 4 * ((6 + 3 + 2) * 4_096L + 4 * 11_008L + 32);
        assertThat(part(all, "remembered activations")).isEqualTo((32 * block + 3 * 4 * 4_096L) * 1_000);
    }

    @Test
    void roundedWeightsAreRememberedWithEveryBlock() {
        long more = part(MemoryNeed.of(setup(DataType.BFLOAT16, false, 1, 1), 1), "remembered activations")
                - part(MemoryNeed.of(setup(DataType.FLOAT32, false, 1, 1), 1), "remembered activations");
        long matrices = 32 * (4 * 4_096L * 4_096 + 3 * 4_096L * 11_008);
        assertThat(more).isBetween(2 * matrices - 32 * 1_000_000L, 2 * matrices);
    }

    @Test
    void ofAdaptersAloneThereAreGradientsAndMoments() {
        var settings = new LowRankAdapters.Settings(
                16, 16, EnumSet.of(LowRankAdapters.Target.Q_PROJ, LowRankAdapters.Target.V_PROJ));
        MemoryNeed need =
                MemoryNeed.of(new MemoryNeed.Setup(CONFIG, false, DataType.BFLOAT16, true, 1, 4_096, settings), 1);
        // peft says of this: trainable params: 8,388,608
        long adapters = 8_388_608;
        assertThat(part(need, "weights")).isEqualTo(4 * (WEIGHTS + adapters));
        assertThat(part(need, "gradients")).isEqualTo(4 * adapters);
        assertThat(part(need, "AdamW moments")).isEqualTo(8 * adapters);
    }
}
