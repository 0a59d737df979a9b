package org.hone.spark.metrics;

import org.jspecify.annotations.Nullable;

/**
 * What a model does on rows that it is not trained on.
 *
 * @param step steps that it had been trained for
 * @param loss mean over the rows' trained tokens, or over the pairs, in nats
 * @param accuracy share of pairs ranked right; none for a policy
 */
public record HeldOutMetrics(
        long step, double loss, @Nullable Double accuracy) {}
