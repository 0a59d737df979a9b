package org.hone.data.packing;

import java.util.Arrays;

/**
 * An example as it goes into a packed row, and comes out of it.
 *
 * @param id its id
 * @param prompt the prompt's ids, from BOS; nothing of it is trained
 * @param response the response's ids; all of it is trained
 * @param droppedTokens how many ids were left out to make it fit
 */
@SuppressWarnings("ArrayRecordComponent") // rows by the million: equality is given below, a list would box each id
public record PackedExample(String id, int[] prompt, int[] response, int droppedTokens) {
    /**
     * The number of its ids.
     *
     * @return the length
     */
    public int length() {
        return prompt.length + response.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PackedExample example
                && id.equals(example.id)
                && Arrays.equals(prompt, example.prompt)
                && Arrays.equals(response, example.response)
                && droppedTokens == example.droppedTokens;
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return "PackedExample[id=" + id + ", prompt=" + Arrays.toString(prompt) + ", response="
                + Arrays.toString(response) + ", droppedTokens=" + droppedTokens + "]";
    }
}
