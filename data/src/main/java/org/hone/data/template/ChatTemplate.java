package org.hone.data.template;

import java.util.Arrays;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.tokenizer.Tokenizer;

/**
 * How a dialogue becomes a row of token ids.
 *
 * <p>A row is the prompt's ids followed by the response's. The two are tokenised apart, so training sees exactly
 * what sampling sees: generation continues from the prompt's ids, and no token ever straddles the border.
 * A row has one BOS, its first id. Every assistant turn ends with EOS, the earlier ones too, and an earlier turn
 * has the same ids that it had as a response. Where a tokenizer puts a space before a segment's first word
 * (SentencePiece's dummy prefix), that space is what separates a response from the mark before it, and decoding
 * takes it off again: {@code decode(response(x))} is x. A tokenizer without a dummy prefix has no space there.
 *
 * <p>Marks are ordinary text, and text of a dialogue must not pass for one: in a prompt, every mark that a turn
 * contains gets a space after its first character or line feeds, {@code [ /INST]}. A response is left as it is.
 * See {@code .github/decisions/0003-template-markers-in-user-text.md}.
 */
public sealed interface ChatTemplate permits Llama2Template, PlainTemplate {
    /**
     * The template of a name in a recipe.
     *
     * @param name {@code llama2} or {@code plain}
     * @return the template
     * @throws IllegalArgumentException for any other name
     */
    static ChatTemplate named(String name) {
        ChatTemplate[] templates = {new Llama2Template(), new PlainTemplate()};
        for (ChatTemplate template : templates) {
            if (template.name().equals(name)) {
                return template;
            }
        }
        throw new IllegalArgumentException("unknown chat template '" + name + "'; allowed are "
                + String.join(
                        ", ", Arrays.stream(templates).map(ChatTemplate::name).toList()));
    }

    /**
     * The name of this template in a recipe.
     *
     * @return the name
     */
    String name();

    /**
     * A dialogue's ids, from BOS to where the response begins.
     *
     * @param tokenizer the policy's tokenizer
     * @param dialogue the dialogue up to the user's turn that waits for a response
     * @return the ids, the first of them BOS, and no other BOS among them
     */
    int[] prompt(Tokenizer tokenizer, Dialogue dialogue);

    /**
     * The text of a turn as a prompt has it, every mark of this template broken.
     *
     * @param text the turn's text
     * @return the text, the very same when it holds no mark
     */
    String neutralised(String text);

    /**
     * A response's ids.
     *
     * @param tokenizer the policy's tokenizer
     * @param text the assistant's text
     * @return the ids, the last of them EOS
     */
    default int[] response(Tokenizer tokenizer, String text) {
        int[] ids = tokenizer.encode(text);
        int[] ended = Arrays.copyOf(ids, ids.length + 1);
        ended[ids.length] = tokenizer.eosId();
        return ended;
    }
}
