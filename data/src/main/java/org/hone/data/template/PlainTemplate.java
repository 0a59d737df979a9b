package org.hone.data.template;

import java.util.List;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.dialogue.Role;
import org.hone.data.dialogue.Turn;
import org.hone.data.tokenizer.Tokenizer;

/**
 * The format of the HH-RLHF files (arXiv 2204.05862), for base models: marks in plain words, which any vocabulary
 * spells, with two line feeds before each.
 *
 * <pre>
 * BOS
 *
 * System: system
 *
 * Human: user
 *
 * Assistant: answer EOS
 *
 * Human: user
 *
 * Assistant: answer EOS
 * </pre>
 *
 * <p>The space after {@code Assistant:} is the response's own first piece (SentencePiece's dummy prefix), never a
 * token of the prompt: a prompt that ends in a space is one that no training text of the base model ends in.
 */
public record PlainTemplate() implements ChatTemplate {
    private static final String SYSTEM = "\n\nSystem:";
    private static final String HUMAN = "\n\nHuman:";
    private static final String ASSISTANT = "\n\nAssistant:";
    private static final Markers MARKERS = new Markers(List.of(SYSTEM, HUMAN, ASSISTANT), 2);

    @Override
    public String name() {
        return "plain";
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
                system = SYSTEM + " " + text;
            } else if (turn.role() == Role.USER) {
                ids.add(tokenizer.encode(system + HUMAN + " " + text + ASSISTANT));
                system = "";
            } else {
                ids.add(response(tokenizer, text));
            }
        }
        return ids.toArray();
    }
}
