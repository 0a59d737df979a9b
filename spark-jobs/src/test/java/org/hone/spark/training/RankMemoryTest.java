package org.hone.spark.training;

import java.util.List;
import org.hone.model.llama.ModelShape;
import org.hone.model.training.MemoryNeed;
import org.hone.spark.executor.MachineMemory;
import org.hone.spark.recipe.LoraRecipe;
import org.hone.spark.recipe.OptimizationRecipe;
import org.hone.spark.recipe.TrainingRecipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class RankMemoryTest {
    private static final long GIBIBYTE = 1L << 30;

    /** A row that is longer than the budget is a microbatch; a few short rows in many lanes never fill one. */
    @ParameterizedTest
    @CsvSource({"1024, 4096, 512, 4096", "1024, 4096, 8192, 8192", "8, 4096, 100, 200"})
    void theLargestMicrobatchIsBounded(int batch, int budget, int longestRow, long tokens) {
        var optimization = new OptimizationRecipe(
                1e-3,
                OptimizationRecipe.Schedule.COSINE,
                0.1,
                0,
                0,
                1,
                batch,
                budget,
                0.1,
                1,
                0.9,
                0.95,
                1e-5,
                LoraRecipe.NONE);
        var training = new TrainingRecipe(0, 8, TrainingRecipe.Precision.FP32, true, 50, 2, 120);
        assertThat(RankMemory.setup(ModelShape.STORIES_15M.config(), false, training, optimization, longestRow)
                        .tokens())
                .isEqualTo(tokens);
    }

    @Test
    void aMachineThatIsTooSmallIsRefusedWithWhatHelps() {
        MemoryNeed need = new MemoryNeed(List.of(
                new MemoryNeed.Part("weights", 20 * GIBIBYTE),
                new MemoryNeed.Part("gradient lanes", 0),
                new MemoryNeed.Part("work on one block", GIBIBYTE / 4)));
        assertThatCode(() -> RankMemory.check("sft", need, 3, 64 * GIBIBYTE)).doesNotThrowAnyException();
        assertThatThrownBy(() -> RankMemory.check("sft", need, 4, 64 * GIBIBYTE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "sft: 4 ranks need 81.0 GiB of this machine's memory (weights 20.0 GiB, work on one"
                                + " block 256 MiB each), and it has 64.0 GiB; set training.activation-checkpointing, lower");
    }

    @Test
    void thisMachineHasMemory() {
        assertThat(MachineMemory.bytes()).isGreaterThan(GIBIBYTE);
    }
}
