package org.hone.data.tokenizer;

import java.util.Arrays;

/**
 * The text of a stretch of tokens, as it stands within the text of all: only at the very beginning is the first word's space
 * taken off. As safe for use by many threads as its tokenizer.
 */
public final class SpanDecoder {
    private final Tokenizer tokenizer;
    private final int[] anchor;
    private final int anchorLength;

    /**
     * A decoder.
     *
     * @param tokenizer the tokens' tokenizer, lent
     */
    public SpanDecoder(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        // stands in for the text before a stretch
        this.anchor = tokenizer.encode("a");
        this.anchorLength = tokenizer.decode(anchor).length();
    }

    /**
     * Decodes a stretch, in time that does not depend on what is before it.
     *
     * @param ids a response's tokens from its beginning, and perhaps room behind them
     * @param from the first token that is wanted. If it is within a character that is several tokens, what is left of the
     *     character is U+FFFD, and with some tokenizers so are byte tokens right behind it
     * @param to behind the last token that is wanted; a character that is not finished by then is U+FFFD
     * @return the text
     * @throws IllegalArgumentException for an id outside the vocabulary
     */
    public String decode(int[] ids, int from, int to) {
        if (from == 0) {
            return tokenizer.decode(Arrays.copyOf(ids, to));
        }
        int[] anchored = Arrays.copyOf(anchor, anchor.length + to - from);
        System.arraycopy(ids, from, anchored, anchor.length, to - from);
        return tokenizer.decode(anchored).substring(anchorLength);
    }
}
