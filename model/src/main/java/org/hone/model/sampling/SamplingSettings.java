package org.hone.model.sampling;

/**
 * How tokens are drawn: logits of tokens that prompt or response hold already are weakened by the repetition penalty, all are
 * divided by the temperature, then all but the top-k are dropped, then all but the nucleus of mass top-p (arXiv 1904.09751);
 * the same order as Hugging Face's.
 *
 * @param temperature divides the logits; 0 takes the most probable token always
 * @param topP the nucleus is the fewest most probable tokens whose mass reaches this; 1 for all tokens
 * @param topK how many of the most probable tokens are kept; 0 for all
 * @param repetitionPenalty divides positive logits of tokens seen before and multiplies negative ones (arXiv 1909.05858,
 *     section 4.1); 1 leaves them
 * @param maxNewTokens the longest response, EOS included
 */
public record SamplingSettings(double temperature, double topP, int topK, double repetitionPenalty, int maxNewTokens) {
    /**
     * Checks the ranges.
     *
     * @param temperature at least 0
     * @param topP above 0, at most 1
     * @param topK at least 0
     * @param repetitionPenalty above 0
     * @param maxNewTokens at least 1
     */
    public SamplingSettings {
        if (!(temperature >= 0) || Double.isInfinite(temperature)) {
            throw new IllegalArgumentException(
                    "temperature: " + temperature + " must be a number from 0; 0 takes the most probable token");
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException("top-p: " + topP + " must be above 0 and at most 1; 1 keeps all tokens");
        }
        if (topK < 0) {
            throw new IllegalArgumentException("top-k: " + topK + " must not be negative; 0 keeps all tokens");
        }
        if (!(repetitionPenalty > 0) || Double.isInfinite(repetitionPenalty)) {
            throw new IllegalArgumentException("repetition-penalty: " + repetitionPenalty
                    + " must be a number above 0; 1 leaves repeated tokens as they are");
        }
        if (maxNewTokens < 1) {
            throw new IllegalArgumentException("max-new-tokens: " + maxNewTokens + " must be at least 1");
        }
    }

    /**
     * Without a repetition penalty.
     *
     * @param temperature at least 0
     * @param topP above 0, at most 1
     * @param topK at least 0
     * @param maxNewTokens at least 1
     */
    public SamplingSettings(double temperature, double topP, int topK, int maxNewTokens) {
        this(temperature, topP, topK, 1, maxNewTokens);
    }
}
