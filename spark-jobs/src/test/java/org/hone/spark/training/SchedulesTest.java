package org.hone.spark.training;

import java.util.List;
import org.hone.model.training.LearningRateSchedule;
import org.hone.spark.recipe.LoraRecipe;
import org.hone.spark.recipe.OptimizationRecipe;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

final class SchedulesTest {
    private static OptimizationRecipe recipe(OptimizationRecipe.Schedule schedule, double warmup, int atLeast) {
        return new OptimizationRecipe(
                1e-2, schedule, 0.1, warmup, atLeast, 1, 4, 4, 0.1, 1, 0.9, 0.95, 1e-5, LoraRecipe.NONE);
    }

    private static long stepsToPeak(LearningRateSchedule schedule) {
        long step = 0;
        while (schedule.at(step) < 1e-2 - 1e-9) {
            step++;
        }
        return step + 1;
    }

    /** Llama 2's reward model (arXiv 2307.09288, section 3.2.2): 3 % of the steps, and at least 5. */
    @Test
    void theWarmUpIsAShareOfTheStepsAndAtLeastSome() {
        OptimizationRecipe.Schedule cosine = OptimizationRecipe.Schedule.COSINE;
        assertThat(stepsToPeak(Schedules.of(recipe(cosine, 0.03, 5), 1_000))).isEqualTo(30);
        assertThat(stepsToPeak(Schedules.of(recipe(cosine, 0.03, 5), 100))).isEqualTo(5);
        assertThat(stepsToPeak(Schedules.of(recipe(cosine, 0.03, 5), 5))).isEqualTo(5);
    }

    @Test
    void theCosineEndsAtItsFractionAndTheConstantAtItsPeak() {
        double end = Schedules.of(recipe(OptimizationRecipe.Schedule.COSINE, 0, 0), 10_000)
                .at(9_999);
        assertThat(end).isCloseTo(1e-3, within(1e-6));
        assertThat(Schedules.of(recipe(OptimizationRecipe.Schedule.CONSTANT, 0, 0), 10_000)
                        .at(9_999))
                .isEqualTo(1e-2);
    }

    @Test
    void aLongCurveHasAboutAThousandPointsAndBothEnds() {
        LossCurve curve = new LossCurve(List.of());
        for (long step = 1; step <= 12_345; step++) {
            curve.add(new LossCurve.Point(step, 1, 0, 1, 1), 12_345);
        }
        assertThat(curve.points()).hasSizeBetween(900, 1_001);
        assertThat(curve.points().get(0).step()).isEqualTo(1);
        assertThat(curve.points().get(curve.points().size() - 1).step()).isEqualTo(12_345);
        LossCurve small = new LossCurve(List.of());
        for (long step = 1; step <= 7; step++) {
            small.add(new LossCurve.Point(step, 1, 0, 1, 1), 7);
        }
        assertThat(small.points()).hasSize(7);
    }
}
