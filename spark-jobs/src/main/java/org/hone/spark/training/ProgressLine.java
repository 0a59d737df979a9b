package org.hone.spark.training;

import java.util.Locale;
import org.hone.spark.metrics.StepMetrics;
import org.hone.spark.session.ProgressAccumulator;
import org.hone.spark.session.TaskProgress;

/** A training run in one line. Speeds are means over the last steps, of which the last ten weigh most. */
final class ProgressLine {
    private static final double KEPT = 0.9;

    private final ProgressAccumulator progress;
    private final long before;
    private double tokens;
    private double seconds;
    private double computing;
    private String heldOut = "";

    /**
     * A line.
     *
     * @param progress where it shows
     * @param before steps of the checkpoint that the run goes on from
     */
    ProgressLine(ProgressAccumulator progress, long before) {
        this.progress = progress;
        this.before = before;
        progress.add(new TaskProgress(before, before, ""));
    }

    void show(StepMetrics step) {
        progress.add(new TaskProgress(step.step(), before, text(step)));
    }

    String text(StepMetrics step) {
        tokens = KEPT * tokens + step.tokens();
        seconds = KEPT * seconds + step.seconds();
        computing = KEPT * computing + step.computeShare() * step.seconds();
        heldOut = step.heldOut() == null
                ? heldOut
                : String.format(
                        Locale.ROOT, ", held-out loss %.4f", step.heldOut().loss());
        Double accuracy = step.accuracy();
        return String.format(
                Locale.ROOT,
                "loss %.4f%s%s, gradient norm %.3f, learning rate %.2e, %.0f tokens/s, %.0f %% computing",
                step.loss(),
                accuracy == null ? "" : String.format(Locale.ROOT, ", accuracy %.3f", accuracy),
                heldOut,
                step.gradientNorm(),
                step.learningRate(),
                tokens / Math.max(1e-9, seconds),
                100 * computing / Math.max(1e-9, seconds));
    }
}
