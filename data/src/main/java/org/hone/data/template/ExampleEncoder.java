package org.hone.data.template;

import java.util.Arrays;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.preference.PreferencePair;
import org.hone.data.tokenizer.Tokenizer;

/**
 * Makes rows of at most a given length, and keeps the response when something must go.
 *
 * <p>A row that is too long first loses the oldest ids of its prompt after BOS; BOS and the newest
 * {@value #KEPT_PROMPT_TOKENS} ids always stay, among them the mark that a response follows. Only when the response
 * does not fit behind those is its end cut, and then it has no EOS.
 *
 * <p>As safe for use by many threads as its tokenizer.
 */
public final class ExampleEncoder {
    /** How many of a prompt's newest ids are never cut, BOS apart. */
    public static final int KEPT_PROMPT_TOKENS = 16;

    /** The smallest length of a row that leaves a response as much as a prompt. */
    public static final int SMALLEST_MAX_LENGTH = 2 * (1 + KEPT_PROMPT_TOKENS);

    private final Tokenizer tokenizer;
    private final ChatTemplate template;
    private final int maxLength;

    /**
     * An encoder.
     *
     * @param tokenizer the policy's tokenizer
     * @param template how dialogues are written
     * @param maxLength the most ids of a row, at least {@value #SMALLEST_MAX_LENGTH}
     */
    public ExampleEncoder(Tokenizer tokenizer, ChatTemplate template, int maxLength) {
        if (maxLength < SMALLEST_MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "the maximal length of a row is " + maxLength + " tokens; use at least " + SMALLEST_MAX_LENGTH);
        }
        this.tokenizer = tokenizer;
        this.template = template;
        this.maxLength = maxLength;
    }

    /**
     * The row of a prompt and its response.
     *
     * @param prompt the dialogue up to the user's turn that is answered
     * @param response the assistant's text
     * @return the row
     */
    public EncodedExample encode(Dialogue prompt, String response) {
        int[] promptIds = template.prompt(tokenizer, prompt);
        int[] responseIds = template.response(tokenizer, response);
        return fit(promptIds, responseIds, responseIds.length);
    }

    /**
     * The row of a prompt and of a response that was cut off before it had ended. Nothing says where it would have, so there is
     * no EOS behind it.
     *
     * @param prompt the dialogue up to the user's turn that is answered
     * @param response the assistant's text as far as it goes
     * @return the row
     */
    public EncodedExample encodeUnfinished(Dialogue prompt, String response) {
        int[] responseIds = tokenizer.encode(response);
        return fit(template.prompt(tokenizer, prompt), responseIds, responseIds.length);
    }

    /**
     * The two rows of a comparison.
     *
     * @param prompt the dialogue up to the user's turn that is answered
     * @param chosen the preferred response
     * @param rejected the other response
     * @return the rows; their prompts are equal, cut for the longer of the responses
     */
    public EncodedPair encode(Dialogue prompt, String chosen, String rejected) {
        int[] promptIds = template.prompt(tokenizer, prompt);
        int[] chosenIds = template.response(tokenizer, chosen);
        int[] rejectedIds = template.response(tokenizer, rejected);
        int longer = Math.max(chosenIds.length, rejectedIds.length);
        return new EncodedPair(fit(promptIds, chosenIds, longer), fit(promptIds, rejectedIds, longer));
    }

    /**
     * The two rows of a comparison.
     *
     * @param pair the comparison
     * @return the rows; their prompts are equal, cut for the longer of the responses
     */
    public EncodedPair encode(PreferencePair pair) {
        return encode(pair.prompt(), pair.chosen(), pair.rejected());
    }

    /**
     * The ids of a prompt that waits for a response.
     *
     * @param prompt the dialogue up to the user's turn that is answered
     * @param responseRoom tokens that must stay free behind it
     * @return the ids from BOS; of a long prompt the oldest after BOS are left out
     */
    public int[] encodePrompt(Dialogue prompt, int responseRoom) {
        int[] ids = template.prompt(tokenizer, prompt);
        int room = Math.min(responseRoom, maxLength - 1 - KEPT_PROMPT_TOKENS);
        return fit(ids, new int[0], room).prompt();
    }

    private EncodedExample fit(int[] prompt, int[] response, int roomWanted) {
        int smallestPrompt = Math.min(prompt.length, 1 + KEPT_PROMPT_TOKENS);
        int promptLength = Math.max(smallestPrompt, Math.min(prompt.length, maxLength - roomWanted));
        int responseLength = Math.min(response.length, maxLength - promptLength);
        int[] keptPrompt = Arrays.copyOfRange(prompt, prompt.length - promptLength, prompt.length);
        keptPrompt[0] = prompt[0];
        return new EncodedExample(
                keptPrompt,
                Arrays.copyOf(response, responseLength),
                prompt.length - promptLength,
                response.length - responseLength);
    }
}
