package org.hone.data.template;

/**
 * The two rows of a comparison. Both have the same prompt, cut to the same length, so what tells them apart is the
 * response alone.
 *
 * @param chosen the row of the preferred response
 * @param rejected the row of the other
 */
public record EncodedPair(EncodedExample chosen, EncodedExample rejected) {
    /**
     * The ids of the prompt that both rows begin with, from BOS.
     *
     * @return the ids
     */
    public int[] prompt() {
        return chosen.prompt();
    }
}
