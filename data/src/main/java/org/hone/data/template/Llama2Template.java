package org.hone.data.template;

import java.util.List;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.dialogue.Role;
import org.hone.data.dialogue.Turn;
import org.hone.data.tokenizer.Tokenizer;

/**
 * The format of Llama 2's chat models (arXiv 2307.09288, section 3.3, and Meta's {@code chat_completion}):
 *
 * <pre>
 * BOS [INST] &lt;&lt;SYS&gt;&gt;
 * system
 * &lt;&lt;/SYS&gt;&gt;
 *
 * user [/INST] answer EOS [INST] user [/INST] answer EOS
 * </pre>
 *
 * <p>As there, the system message is part of the first user turn, and white space around a user turn is dropped. Two
 * things differ, both between turns only, so that a prompt of one turn has the very ids of the original:
 * the original puts a BOS before every exchange, which makes the number of BOS depend on the turns, while a row here
 * has one; and it puts a space between an earlier answer and its EOS, while here an earlier answer has
 * the ids that were sampled.
 */
public record Llama2Template() implements ChatTemplate {
    private static final Markers MARKERS = new Markers(List.of("[INST]", "[/INST]", "<<SYS>>", "<</SYS>>"), 1);

    @Override
    public String name() {
        return "llama2";
    }

    @Override
    public String neutralised(String text) {
        return MARKERS.neutralise(text);
    }

    @Override
    public int[] prompt(Tokenizer tokenizer, Dialogue dialogue) {
        IdList ids = new IdList().add(tokenizer.bosId());
        String system = "";
        for (Turn turn : dialogue.turns()) {
            String text = neutralised(turn.text());
            if (turn.role() == Role.SYSTEM) {
                system = "<<SYS>>\n" + text + "\n<</SYS>>\n\n";
            } else if (turn.role() == Role.USER) {
                ids.add(tokenizer.encode("[INST] " + (system + text).strip() + " [/INST]"));
                system = "";
            } else {
                ids.add(response(tokenizer, text));
            }
        }
        return ids.toArray();
    }
}
