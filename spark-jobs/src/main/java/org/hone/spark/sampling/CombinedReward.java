package org.hone.spark.sampling;

import org.hone.data.curation.SourceRole.Axis;
import org.jspecify.annotations.Nullable;

/**
 * One reward of two (arXiv 2307.09288, section 3.2.3): the safety model's word counts where the prompt may lead to an unsafe
 * answer, and where it finds the answer unsafe; else the helpfulness model's.
 */
final class CombinedReward {
    /** Below this probability of being safe an answer counts as unsafe. */
    private static final double SAFETY_GATE = 0.15;

    private CombinedReward() {}

    /**
     * Which model's reward counts.
     *
     * @param hasHelpfulness whether there is a helpfulness model
     * @param safety the safety model's reward in logits; null if there is no such model
     * @param isSafety whether the prompt may lead to an unsafe answer
     */
    static Axis axis(boolean hasHelpfulness, @Nullable Double safety, boolean isSafety) {
        if (safety == null) {
            return Axis.HELPFULNESS;
        }
        boolean isUnsafe = 1 / (1 + Math.exp(-safety)) < SAFETY_GATE;
        return !hasHelpfulness || isSafety || isUnsafe ? Axis.SAFETY : Axis.HELPFULNESS;
    }
}
