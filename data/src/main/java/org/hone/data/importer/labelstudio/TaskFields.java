package org.hone.data.importer.labelstudio;

import java.util.ArrayList;
import java.util.List;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.importer.QuarantineReason;
import org.hone.data.importer.record.Field;
import org.hone.data.importer.record.Prompts;
import org.hone.data.importer.record.Refusal;

/**
 * The two responses of a task. An export has the labelling's results but not its configuration, which alone says
 * what field a control showed, so they are found by the first of these rules that applies:
 *
 * <ol>
 *   <li>{@code to_name} of the pairwise result names two fields of the data, left then right (a project whose text
 *       tags are called as their fields);
 *   <li>the data has both fields of a usual pair of names.
 * </ol>
 *
 * @param left what was shown on the left
 * @param right what was shown on the right
 */
record TaskFields(String left, String right) {
    private static final List<String> PROMPTS =
            List.of("prompt", "messages", "dialogue", "conversation", "question", "instruction", "context");
    private static final List<List<String>> RESPONSES = List.of(
            List.of("response_a", "response_b"),
            List.of("response_1", "response_2"),
            List.of("response1", "response2"),
            List.of("answer_a", "answer_b"),
            List.of("answer_1", "answer_2"),
            List.of("answer1", "answer2"),
            List.of("completion_a", "completion_b"),
            List.of("output_a", "output_b"),
            List.of("text1", "text2"),
            List.of("left", "right"));

    /** The prompt: the first of the usual names that the data has, a text or a list of messages. */
    static Dialogue prompt(Field data) throws Refusal {
        for (String name : PROMPTS) {
            if (data.has(name)) {
                Field prompt = data.at(name);
                return prompt.node().isArray() ? Prompts.of(Prompts.messages(prompt)) : Dialogue.ofUser(prompt.text());
            }
        }
        throw missing(data, "a prompt under one of the names " + PROMPTS);
    }

    static TaskFields responses(Field data, Field pairwise) throws Refusal {
        String[] shown = pairwise.node().path("to_name").asText().split(",", -1);
        if (shown.length == 2 && data.has(shown[0].strip()) && data.has(shown[1].strip())) {
            return new TaskFields(data.text(shown[0].strip()), data.text(shown[1].strip()));
        }
        for (List<String> names : RESPONSES) {
            if (data.has(names.get(0)) && data.has(names.get(1))) {
                return new TaskFields(data.text(names.get(0)), data.text(names.get(1)));
            }
        }
        throw missing(data, "two responses, named as the text tags of the labelling or as one of " + RESPONSES);
    }

    private static Refusal missing(Field data, String expected) {
        List<String> names = new ArrayList<>();
        data.node().fieldNames().forEachRemaining(names::add);
        return new Refusal(QuarantineReason.MISSING_FIELD, "'data' has the fields " + names + ", expected " + expected);
    }
}
