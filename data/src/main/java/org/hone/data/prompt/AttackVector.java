package org.hone.data.prompt;

/** How an adversarial prompt tries to get a bad answer (arXiv 2307.09288, section 4.2.1). */
public enum AttackVector {
    /** Authority, emotion, trust. */
    PSYCHOLOGICAL,
    /** False premises. */
    LOGIC,
    /** Misspelling, mixed scripts. */
    SYNTACTIC,
    /** Metaphor, fiction. */
    SEMANTIC,
    /** Role play. */
    PERSPECTIVE_MANIPULATION
}
