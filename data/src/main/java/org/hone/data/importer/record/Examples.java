package org.hone.data.importer.record;

import java.util.List;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.dialogue.Role;
import org.hone.data.dialogue.Turn;
import org.hone.data.importer.Imported;
import org.hone.data.importer.QuarantineReason;
import org.hone.data.prompt.TaggedPrompt;
import org.hone.data.sft.Demonstration;
import org.hone.data.text.TextDocument;
import org.jspecify.annotations.Nullable;

/** Outcomes other than comparisons, held to the same rules: no empty response, prompt turn or document. */
public final class Examples {
    private Examples() {}

    /**
     * A demonstration.
     *
     * @param prompt what is answered
     * @param response the answer
     * @param category what kind of task the source calls it
     * @return the example
     * @throws Refusal EMPTY_RESPONSE or EMPTY_TURN
     */
    public static Imported example(Dialogue prompt, String response, @Nullable String category) throws Refusal {
        if (response.isBlank()) {
            throw new Refusal(QuarantineReason.EMPTY_RESPONSE, "the response is empty");
        }
        Prompts.requireText(prompt);
        return new Imported.Example(new Demonstration(prompt, response, category));
    }

    /**
     * A demonstration of a whole dialogue. Its last message is the response and all before is the prompt: one record
     * stays one example, and earlier answers are context.
     *
     * @param turns the messages
     * @param category what kind of task the source calls it
     * @return the example
     * @throws Refusal if the dialogue is none, or does not end with the assistant's answer
     */
    public static Imported example(List<Turn> turns, @Nullable String category) throws Refusal {
        if (turns.isEmpty() || turns.get(turns.size() - 1).role() != Role.ASSISTANT) {
            throw new Refusal(
                    QuarantineReason.NOT_A_DIALOGUE,
                    "the dialogue has " + turns.size() + " messages and does not end with one of ASSISTANT");
        }
        int last = turns.size() - 1;
        return example(Prompts.of(turns.subList(0, last)), turns.get(last).text(), category);
    }

    /**
     * A prompt alone.
     *
     * @param prompt the prompt with its tags
     * @return the prompt
     * @throws Refusal EMPTY_TURN
     */
    public static Imported prompt(TaggedPrompt prompt) throws Refusal {
        Prompts.requireText(prompt.prompt());
        return new Imported.Prompt(prompt);
    }

    /**
     * A document.
     *
     * @param text its text
     * @param url where it was found
     * @return the document
     * @throws Refusal EMPTY_TURN if it has no text
     */
    public static Imported document(String text, @Nullable String url) throws Refusal {
        if (text.isBlank()) {
            throw new Refusal(QuarantineReason.EMPTY_TURN, "the document has no text");
        }
        return new Imported.Document(new TextDocument(text, url));
    }
}
