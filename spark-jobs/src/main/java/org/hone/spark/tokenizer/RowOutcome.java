package org.hone.spark.tokenizer;

/** What became of a row of the corpus. */
public enum RowOutcome {
    /** Its words were counted. */
    USED,
    /** It has no text. */
    EMPTY,
    /** Its bytes are no UTF-8. */
    INVALID_UTF8,
    /** It is no JSON. */
    INVALID_JSON,
    /** It has no string where the field or column should be. */
    NO_TEXT
}
