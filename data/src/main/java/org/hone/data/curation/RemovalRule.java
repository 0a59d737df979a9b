package org.hone.data.curation;

import java.util.Locale;

/**
 * Why a row was removed. A row has one rule: the first in this order. Every rule looks only at the rows that the rules
 * before it left, so what a duplicate is a duplicate of is still there.
 */
public enum RemovalRule {
    /** The chosen response is unsafe while the other is safe (recipe section 5). */
    UNSAFE_CHOSEN,
    /** Both responses read the same. */
    IDENTICAL_RESPONSES,
    /** The turn that is answered, a response or a document has nothing but white space. */
    EMPTY_TEXT,
    /** The prompt has too few or too many characters. */
    PROMPT_LENGTH,
    /** A response has too few or too many characters. */
    RESPONSE_LENGTH,
    /** The document has too few or too many characters. */
    DOCUMENT_LENGTH,
    /** The prompt has too many turns. */
    TURNS,
    /** The text is in none of the allowed languages. */
    LANGUAGE,
    /** The document is from a site that is excluded. */
    EXCLUDED_SITE,
    /** Another row of the table has the same id. */
    DUPLICATE_ID,
    /** Another row reads the same, in whichever source. */
    EXACT_DUPLICATE,
    /** Another row prefers the other of the same two responses; neither is believed. */
    CONTRADICTION,
    /** Another row is nearly the same. */
    NEAR_DUPLICATE,
    /** The row shares an n-gram with an evaluation set. */
    CONTAMINATED,
    /** The row shares the first user turn with a row that is held out. */
    HELD_OUT_PROMPT,
    /** No mixture needed the row. */
    NOT_DRAWN,
    /** The source's weight is below one, and the row was not sampled. */
    NOT_SAMPLED;

    /**
     * Its name in tables and reports.
     *
     * @return lower case, with hyphens
     */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
