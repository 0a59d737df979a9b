package org.hone.model.llama;

/** How rotary position embeddings are stretched beyond the context that a model was trained on. */
public sealed interface RopeScaling {
    /** Plain RoPE (arXiv 2104.09864). */
    record None() implements RopeScaling {}

    /**
     * Positions divided by a factor (arXiv 2306.15595).
     *
     * @param factor the divisor, at least 1
     */
    record Linear(double factor) implements RopeScaling {
        /**
         * Checks the factor.
         *
         * @param factor at least 1
         */
        public Linear {
            atLeastOne(factor);
        }
    }

    /**
     * The base grows with the sequence once it is longer than the trained context (dynamic NTK).
     *
     * @param factor the growth factor, at least 1
     */
    record Dynamic(double factor) implements RopeScaling {
        /**
         * Checks the factor.
         *
         * @param factor at least 1
         */
        public Dynamic {
            atLeastOne(factor);
        }
    }

    /**
     * Llama 3's: long wavelengths are divided by the factor, short ones kept, those between blended.
     *
     * @param factor the divisor of the long wavelengths
     * @param lowFrequencyFactor wavelengths longer than the original context over this are divided
     * @param highFrequencyFactor wavelengths shorter than the original context over this are kept
     * @param originalContext the context in tokens before stretching
     */
    record Llama3(double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalContext)
            implements RopeScaling {
        /**
         * Checks the numbers.
         *
         * @param factor at least 1
         * @param lowFrequencyFactor above 0
         * @param highFrequencyFactor above the low one
         * @param originalContext at least 1
         */
        public Llama3 {
            atLeastOne(factor);
            if (!(lowFrequencyFactor > 0 && highFrequencyFactor > lowFrequencyFactor)) {
                throw new IllegalArgumentException("rope scaling: low_freq_factor " + lowFrequencyFactor
                        + " must be above 0 and below high_freq_factor " + highFrequencyFactor);
            }
            if (originalContext < 1) {
                throw new IllegalArgumentException(
                        "rope scaling: original_max_position_embeddings " + originalContext + " must be at least 1");
            }
        }
    }

    private static void atLeastOne(double factor) {
        if (!(factor >= 1) || Double.isInfinite(factor)) {
            throw new IllegalArgumentException("rope scaling: factor " + factor + " must be at least 1");
        }
    }
}
