package org.hone.data.preference;

/** How much better the chosen response is: the four-point scale of Llama 2 (arXiv 2307.09288, section 3.2.1). */
public enum Rating {
    /** Significantly better. */
    SIGNIFICANTLY_BETTER,
    /** Better. */
    BETTER,
    /** Slightly better. */
    SLIGHTLY_BETTER,
    /** Negligibly better, or unsure. */
    NEGLIGIBLY_BETTER_OR_UNSURE
}
