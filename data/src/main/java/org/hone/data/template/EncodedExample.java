package org.hone.data.template;

import java.util.Arrays;

/**
 * A row of a prompt and its response, in token ids.
 *
 * @param prompt the prompt's ids, from BOS; nothing of it is trained
 * @param response the response's ids; all of it is trained. It ends with EOS, unless it was cut
 * @param droppedPromptTokens how many of the prompt's oldest ids after BOS were left out
 * @param droppedResponseTokens how many ids at the response's end were left out, its EOS among them. Such a row ends
 *     without EOS: an EOS there would teach to stop in mid-sentence. A reward model reads the last id all the same
 */
@SuppressWarnings("ArrayRecordComponent") // rows by the million: equality is given below, a list would box each id
public record EncodedExample(int[] prompt, int[] response, int droppedPromptTokens, int droppedResponseTokens) {
    /**
     * The row: the prompt, then the response.
     *
     * @return a new array
     */
    public int[] ids() {
        int[] ids = Arrays.copyOf(prompt, prompt.length + response.length);
        System.arraycopy(response, 0, ids, prompt.length, response.length);
        return ids;
    }

    /**
     * Which ids of the row the loss counts.
     *
     * @return true for the response's ids, EOS among them; false for the prompt's; as long as {@link #ids}
     */
    public boolean[] lossMask() {
        boolean[] mask = new boolean[prompt.length + response.length];
        Arrays.fill(mask, prompt.length, mask.length, true);
        return mask;
    }

    /**
     * The number of ids in the row.
     *
     * @return the length
     */
    public int length() {
        return prompt.length + response.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EncodedExample example
                && Arrays.equals(prompt, example.prompt)
                && Arrays.equals(response, example.response)
                && droppedPromptTokens == example.droppedPromptTokens
                && droppedResponseTokens == example.droppedResponseTokens;
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(prompt) + Arrays.hashCode(response);
    }

    @Override
    public String toString() {
        return "EncodedExample[prompt=" + Arrays.toString(prompt) + ", response=" + Arrays.toString(response)
                + ", droppedPromptTokens=" + droppedPromptTokens + ", droppedResponseTokens=" + droppedResponseTokens
                + "]";
    }
}
