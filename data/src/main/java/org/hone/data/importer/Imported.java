package org.hone.data.importer;

import org.hone.data.dialogue.Dialogue;
import org.hone.data.preference.PreferencePair;
import org.hone.data.prompt.TaggedPrompt;
import org.hone.data.sft.Demonstration;
import org.hone.data.text.TextDocument;
import org.jspecify.annotations.Nullable;

/** What a record of a raw file became; a record becomes at least one of these, so none is lost silently. */
public sealed interface Imported {
    /**
     * A human comparison.
     *
     * @param pair the comparison
     */
    record Preference(PreferencePair pair) implements Imported {}

    /**
     * A prompt with its answer.
     *
     * @param demonstration the two
     */
    record Example(Demonstration demonstration) implements Imported {}

    /**
     * A prompt alone.
     *
     * @param prompt the prompt with its tags
     */
    record Prompt(TaggedPrompt prompt) implements Imported {}

    /**
     * A document to pretrain on.
     *
     * @param document the document
     */
    record Document(TextDocument document) implements Imported {}

    /**
     * A response with a grade, one record of several that answer one prompt; comparing them makes the pairs. They
     * may stand in different files.
     *
     * @param group what the responses to one prompt share, within the source
     * @param prompt the dialogue that was answered
     * @param response the answer
     * @param grade how good it is, as a number that is higher for the better; the format says what a difference means
     * @param unsafe whether the response itself is harmful, null if the source does not say
     * @param annotator who graded
     */
    record Graded(
            String group,
            Dialogue prompt,
            String response,
            double grade,
            @Nullable Boolean unsafe,
            @Nullable String annotator)
            implements Imported {}

    /**
     * Something that is kept aside.
     *
     * @param reason why, for counting
     * @param detail what was found in this very record
     */
    record Refused(QuarantineReason reason, String detail) implements Imported {}
}
