package org.hone.spark.training;

import org.hone.spark.metrics.HeldOutMetrics;
import org.jspecify.annotations.Nullable;

/**
 * What a rank reports when it is done.
 *
 * @param rank the rank
 * @param world ranks of the stage's last attempt
 * @param weights SHA-256 over the trained parameters; the same on every rank, or something is badly wrong
 * @param steps steps of the whole run
 * @param resumedFrom the step that the last attempt went on from
 * @param firstLoss mean loss of the first step, in nats
 * @param lastLoss mean loss over the last tenth of the recorded steps, in nats
 * @param seconds time that the last attempt took
 * @param tokensPerSecond over all ranks, in the last attempt
 * @param computeShare share of the last attempt's steps that the rank computed in
 * @param heldOut what the written model does on held-out rows, and the step that it is of; none if there are no such rows
 */
public record RankResult(
        int rank,
        int world,
        String weights,
        long steps,
        long resumedFrom,
        double firstLoss,
        double lastLoss,
        double seconds,
        double tokensPerSecond,
        double computeShare,
        @Nullable HeldOutMetrics heldOut) {}
