package org.hone.data.audit;

/** What a row of token ids must keep to. The order is that of the reports. */
public enum Rule {
    /** The first id is not BOS. */
    BOS_NOT_FIRST(Severity.FAILURE, "the row does not begin with BOS"),
    /** BOS stands again after the first id. */
    SECOND_BOS(Severity.FAILURE, "BOS stands a second time"),
    /** The loss counts no id of the row. */
    NOTHING_TRAINED(Severity.FAILURE, "no token is trained"),
    /** The loss counts an id before the response. */
    PROMPT_TRAINED(Severity.FAILURE, "a token of the prompt is trained"),
    /** The response was kept whole and has no EOS at its end. */
    EOS_MISSING(Severity.FAILURE, "the response is whole and does not end with EOS"),
    /** The response's EOS is there, and the loss does not count it. */
    EOS_MASKED(Severity.FAILURE, "the EOS of the response is not trained"),
    /** The response was cut and ends with EOS all the same. */
    EOS_AFTER_CUT(Severity.FAILURE, "the response was cut and ends with EOS: it teaches to stop in mid-sentence"),
    /** EOS stands within the response. */
    EOS_INSIDE_RESPONSE(Severity.FAILURE, "EOS stands within the response"),
    /** EOS stands in the prompt elsewhere than at the end of each earlier answer, or is missing there. */
    EOS_IN_PROMPT(Severity.FAILURE, "EOS in the prompt is not exactly where earlier answers end"),
    /** A token that fills up batches stands in the row. */
    PADDING_INSIDE(Severity.FAILURE, "a padding token stands in the row"),
    /** A control token that no template uses stands in the row. */
    OTHER_CONTROL(Severity.FAILURE, "a control token stands in the row that is neither BOS nor EOS"),
    /** A text of the dialogue is encoded to a control token. */
    CONTROL_FROM_TEXT(Severity.FAILURE, "text became a control token"),
    /** The unknown id, from a tokenizer that can spell everything in bytes. */
    UNKNOWN_TOKEN(Severity.FAILURE, "an unknown token, although the vocabulary has byte pieces"),
    /** An id that the model's embedding has no row for. */
    OUTSIDE_VOCABULARY(Severity.FAILURE, "an id is outside the vocabulary"),
    /** The row has more ids than allowed. */
    TOO_LONG(Severity.FAILURE, "the row is longer than the maximal length"),
    /** The unknown id, from a tokenizer without byte pieces: its text is lost. */
    UNKNOWN_CHARACTER(Severity.WARNING, "a character that the vocabulary lacks; the model sees an unknown token"),
    /** The response has no token but EOS: it teaches to say nothing. */
    EMPTY_RESPONSE(Severity.WARNING, "the response is empty"),
    /** Decoding a whole response does not give its text back. */
    NOT_ROUND_TRIP(Severity.WARNING, "the decoded response is not the response's text");

    /** What a violation means for the audit. */
    public enum Severity {
        /** One such row fails the audit. */
        FAILURE,
        /** Such rows are counted and shown. */
        WARNING
    }

    private final Severity severity;
    private final String meaning;

    Rule(Severity severity, String meaning) {
        this.severity = severity;
        this.meaning = meaning;
    }

    /**
     * What a violation means for the audit.
     *
     * @return its severity
     */
    public Severity severity() {
        return severity;
    }

    /**
     * What is wrong with a row that breaks this rule.
     *
     * @return a clause in plain words
     */
    public String meaning() {
        return meaning;
    }
}
