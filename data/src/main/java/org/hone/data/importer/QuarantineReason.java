package org.hone.data.importer;

/** Why a line of a preference file is not imported. */
public enum QuarantineReason {
    /** Not UTF-8, or text with half of a surrogate pair. */
    INVALID_UNICODE("the line is not valid Unicode text"),
    /** Not one whole JSON value; a key twice; anything after the value. */
    MALFORMED_JSON("the line is not one JSON value"),
    /** Fields of a CSV row do not fit its header. */
    MALFORMED_ROW("the row does not fit the header"),
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
    EMPTY_TURN("a turn of the prompt has no text"),
    /** No two responses that the source ranks differently: ties, a single response, an annotation that was skipped. */
    NOTHING_TO_COMPARE("no two responses that the source ranks differently"),
    /** The source itself marks the record as deleted, spam or not to be used. */
    WITHDRAWN("the source marks it as not to be used"),
    /** A value that the format does not know, such as a label outside its list. */
    UNKNOWN_VALUE("a value that the format does not know"),
    /** The rest of a file cannot be read: cut off, not what its name says, a broken CSV quote. */
    UNREADABLE_FILE("the rest of the file cannot be read"),
    /** A record longer than the importer's limit. */
    TOO_LONG("the record is longer than the limit"),
    /** The same row stands in an earlier record. */
    DUPLICATE("the same row stands in an earlier record");

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
