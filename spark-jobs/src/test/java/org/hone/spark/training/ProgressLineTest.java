package org.hone.spark.training;

import org.hone.spark.metrics.HeldOutMetrics;
import org.hone.spark.metrics.StepMetrics;
import org.hone.spark.session.ProgressAccumulator;
import org.hone.spark.session.TaskProgress;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class ProgressLineTest {
    private final ProgressAccumulator progress = new ProgressAccumulator();

    @Test
    void saysAllThatAPersonWatchesAndWhereTheRunWentOn() {
        ProgressLine line = new ProgressLine(progress, 40);
        assertThat(progress.value()).isEqualTo(new TaskProgress(40, 40, ""));
        line.show(new StepMetrics(41, 2, 0.61234, 0.6875, 1.5, 2e-5, 1_000, 2, 0.5, new HeldOutMetrics(41, 0.7, 0.5)));
        assertThat(progress.value())
                .isEqualTo(new TaskProgress(
                        41,
                        40,
                        "loss 0.6123, accuracy 0.688, held-out loss 0.7000, gradient norm 1.500, learning rate"
                                + " 2.00e-05, 500 tokens/s, 50 % computing"));
        // (0.9 · 1000 + 4000) / (0.9 · 2 + 2) and (0.9 · 1 + 2) / (0.9 · 2 + 2)
        assertThat(line.text(new StepMetrics(42, 2, 0.5, null, 1, 2e-5, 4_000, 2, 1, null)))
                .isEqualTo("loss 0.5000, held-out loss 0.7000, gradient norm 1.000, learning rate 2.00e-05,"
                        + " 1289 tokens/s, 76 % computing");
    }
}
