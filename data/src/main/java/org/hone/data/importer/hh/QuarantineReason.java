package org.hone.data.importer.hh;

/** Why a line of a preference file is not imported. */
public enum QuarantineReason {
    /** Not UTF-8, or text with half of a surrogate pair. */
    INVALID_UNICODE("the line is not valid Unicode text"),
    /** Not one whole JSON value; a key twice; anything after the value. */
    MALFORMED_JSON("the line is not one JSON value"),
    /** The JSON is no object, or {@code chosen} or {@code rejected} is not in it. */
    MISSING_FIELD("a field that a comparison needs is not there"),
    /** {@code chosen} or {@code rejected} is not a string. */
    WRONG_TYPE("a field is not a string"),
    /** Marks that no turn-taking gives: not begun by Human, not ended by Assistant, or one role twice in a row. */
    NOT_A_DIALOGUE("the turns are not Human and Assistant in alternation"),
    /** The two transcripts differ before their last turn, so the responses answer different prompts. */
    DIFFERING_CONTEXTS("the two responses answer different prompts"),
    /** Both responses are the same: there is nothing to prefer. */
    IDENTICAL_RESPONSES("both responses are the same"),
    /** A response without text. */
    EMPTY_RESPONSE("a response has no text"),
    /** A turn of the prompt without text. */
    EMPTY_TURN("a turn of the prompt has no text");

    private final String description;

    QuarantineReason(String description) {
        this.description = description;
    }

    /**
     * The reason in words, for a report.
     *
     * @return a short clause
     */
    public String description() {
        return description;
    }
}
