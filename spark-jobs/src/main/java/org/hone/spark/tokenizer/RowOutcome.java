package org.hone.spark.tokenizer;

/** What became of a row of the corpus. */
public enum RowOutcome {
    /** Its words were counted. */
    USED,
    /** It has no text. */
    EMPTY,
    /** Its bytes are no UTF-8, or its text has half of a surrogate pair. */
    INVALID_UTF8,
    /** It is no JSON. */
    INVALID_JSON,
    /** Its fields do not fit the header of its CSV file. */
    MALFORMED_ROW,
    /** It has no string where the field or column should be. */
    NO_TEXT,
    /** It is longer than a record may be. */
    TOO_LONG,
    /** The rest of a file that is damaged; how many rows there were, nobody can tell, so it counts as one. */
    UNREADABLE
}
