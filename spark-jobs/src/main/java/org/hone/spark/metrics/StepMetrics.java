package org.hone.spark.metrics;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * What one step showed; a row of the {@link MetricsTable}.
 *
 * @param step its number, from 1
 * @param epoch the pass over the data that its batch begins in, from 1
 * @param loss mean over the global batch, in nats
 * @param accuracy share of pairs ranked right; none for a policy
 * @param gradientNorm global norm before clipping
 * @param learningRate the step's rate
 * @param tokens tokens that went through the model, over all ranks
 * @param seconds time since the step before, a checkpoint between them included
 * @param computeShare share of these seconds that rank 0 computed in, neither waiting for data nor for its peers, nor
 *     writing a checkpoint
 * @param heldOut what the model does on held-out rows after the step; none if it was not tried
 */
public record StepMetrics(
        long step,
        long epoch,
        double loss,
        @Nullable Double accuracy,
        double gradientNorm,
        double learningRate,
        long tokens,
        double seconds,
        double computeShare,
        @Nullable HeldOutMetrics heldOut) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The row as text.
     *
     * @return one line of JSON, without its end; accuracies and held-out figures only where there are some
     */
    String json() {
        ObjectNode row =
                JSON.createObjectNode().put("step", step).put("epoch", epoch).put("loss", loss);
        if (accuracy != null) {
            row.put("accuracy", accuracy);
        }
        row.put("gradient_norm", gradientNorm)
                .put("learning_rate", learningRate)
                .put("tokens", tokens)
                .put("seconds", seconds)
                .put("compute_share", computeShare);
        if (heldOut != null) {
            row.put("held_out_loss", heldOut.loss());
            if (heldOut.accuracy() != null) {
                row.put("held_out_accuracy", heldOut.accuracy());
            }
        }
        return row.toString();
    }
}
