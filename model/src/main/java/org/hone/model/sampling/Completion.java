package org.hone.model.sampling;

import java.util.Arrays;

/**
 * One response.
 *
 * @param ids all sampled tokens in order, with EOS as the last if the policy ended it, and with those that a {@link StopRule}
 *     stopped at
 * @param logProbs ln π(token | prompt and tokens before it) of each, in nats, at temperature 1 and without top-k and top-p,
 *     whatever the settings it was drawn with
 * @param reason why it ended
 */
@SuppressWarnings("ArrayRecordComponent") // hot path: flat primitive arrays, which nobody changes
public record Completion(int[] ids, float[] logProbs, FinishReason reason) {
    /**
     * Checks that every token has its log-probability.
     *
     * @param ids any
     * @param logProbs as many
     * @param reason any
     */
    public Completion {
        if (ids.length != logProbs.length) {
            throw new IllegalArgumentException(
                    ids.length + " tokens with " + logProbs.length + " log-probabilities; each token needs one");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Completion completion
                && reason == completion.reason
                && Arrays.equals(ids, completion.ids)
                && Arrays.equals(logProbs, completion.logProbs);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(ids) + Arrays.hashCode(logProbs);
    }

    @Override
    public String toString() {
        return "Completion[" + reason + " " + Arrays.toString(ids) + "]";
    }
}
