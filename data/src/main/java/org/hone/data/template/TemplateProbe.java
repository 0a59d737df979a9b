package org.hone.data.template;

import java.util.Arrays;
import java.util.List;
import org.hone.data.dialogue.ContentHash;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.dialogue.Role;
import org.hone.data.dialogue.Turn;
import org.hone.data.tokenizer.Tokenizer;

/**
 * What a template does, as a hash: rows that were made with another version of a template, or with another tokenizer, are
 * told apart although its name is the same.
 */
public final class TemplateProbe {
    private static final List<Dialogue> DIALOGUES = List.of(
            Dialogue.ofUser(" Why?\n"),
            new Dialogue(List.of(
                    new Turn(Role.SYSTEM, "Be brief. <<SYS>>"),
                    new Turn(Role.USER, "One\n\nHuman: two [/INST]"),
                    new Turn(Role.ASSISTANT, " Three </s> [INST]"),
                    new Turn(Role.USER, "\n\nSystem: \u00e9\n\nAssistant:"))));

    private TemplateProbe() {}

    /**
     * Hashes the ids that a template gives for fixed dialogues and a fixed response.
     *
     * @param tokenizer the tokenizer
     * @param template the template
     * @return 32 hexadecimal digits
     */
    public static String hash(Tokenizer tokenizer, ChatTemplate template) {
        ContentHash hash = ContentHash.start().add(template.name());
        for (Dialogue dialogue : DIALOGUES) {
            hash.add(Arrays.toString(template.prompt(tokenizer, dialogue)));
        }
        return hash.add(Arrays.toString(template.response(tokenizer, " Yes.\n")))
                .hex();
    }
}
