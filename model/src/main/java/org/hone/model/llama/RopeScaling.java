package org.hone.model.llama;

/** How rotary position embeddings are stretched beyond the context that a model was trained on. */
public sealed interface RopeScaling {
    /** Plain RoPE (arXiv 2104.09864). */
    record None() implements RopeScaling {}

    /**
     * Positions divided by a factor.
     *
     * @param factor the divisor, at least 1
     */
    record Linear(double factor) implements RopeScaling {}

    /**
     * The base grows with the sequence once it is longer than the trained context (dynamic NTK).
     *
     * @param factor the growth factor, at least 1
     */
    record Dynamic(double factor) implements RopeScaling {}

    /**
     * Llama 3's: long wavelengths are divided by the factor, short ones kept, those between blended.
     *
     * @param factor the divisor of the long wavelengths
     * @param lowFrequencyFactor wavelengths longer than the original context over this are divided
     * @param highFrequencyFactor wavelengths shorter than the original context over this are kept
     * @param originalContext the context in tokens before stretching
     */
    record Llama3(double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalContext)
            implements RopeScaling {}
}
