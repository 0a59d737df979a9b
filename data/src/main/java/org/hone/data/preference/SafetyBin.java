package org.hone.data.preference;

/** Which responses of a safety pair are safe (arXiv 2307.09288, section 3.2.1). */
public enum SafetyBin {
    /** The chosen response is safe and the other is not. */
    CHOSEN_SAFE_OTHER_UNSAFE,
    /** Both responses are safe. */
    BOTH_SAFE,
    /** Both responses are unsafe. */
    BOTH_UNSAFE,
    /** The chosen response is unsafe while the other is safe; such a pair is dropped by curation. */
    CHOSEN_UNSAFE_OTHER_SAFE;

    /**
     * Whether the chosen response is safe.
     *
     * @return whether
     */
    public boolean chosenSafe() {
        return this == CHOSEN_SAFE_OTHER_UNSAFE || this == BOTH_SAFE;
    }

    /**
     * Whether the response that was not chosen is safe.
     *
     * @return whether
     */
    public boolean otherSafe() {
        return this == CHOSEN_UNSAFE_OTHER_SAFE || this == BOTH_SAFE;
    }
}
