package org.hone.data.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Texts that end a response, found in its text and not in its tokens: a token may hold the beginning or the end of one beside
 * other text, and a character may be several tokens.
 *
 * <p>A response ends with the first token behind which the text of all its tokens contains a stop text. It reads as the text in
 * front of the place where the first one begins; the stop text and whatever the last token has behind it are cut off. So does
 * vLLM, but that if a token completes several texts, vLLM does not ask which begins first. Tokens cannot be cut within: whoever
 * keeps them keeps all that were drawn.
 *
 * <p>As safe for use by many threads as its tokenizer.
 */
public final class StopTexts {
    private static final String UNFINISHED = "\uFFFD";
    private static final int LONGEST_CHARACTER = 4;

    private final Tokenizer tokenizer;
    private final List<String> texts;
    private final SpanDecoder spans;
    private final int mostTokens;
    private final boolean unknownIsSilent;

    /**
     * Looks for texts.
     *
     * @param tokenizer the responses' tokenizer, lent
     * @param texts none, one or several
     * @throws IllegalArgumentException if one is empty or holds U+FFFD, which every unfinished character looks like
     */
    public StopTexts(Tokenizer tokenizer, List<String> texts) {
        texts.forEach(StopTexts::check);
        this.tokenizer = tokenizer;
        this.texts = List.copyOf(texts);
        this.spans = new SpanDecoder(tokenizer);
        this.mostTokens = texts.stream()
                .mapToInt(text -> text.getBytes(StandardCharsets.UTF_8).length)
                .max()
                .orElse(0);
        this.unknownIsSilent = tokenizer.unkId() >= 0
                && spans.decode(new int[] {tokenizer.unkId(), tokenizer.unkId()}, 1, 2)
                        .isEmpty();
    }

    /**
     * Checks that a text can end responses.
     *
     * @param text a stop text
     * @throws IllegalArgumentException if it is empty or holds U+FFFD
     */
    public static void check(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException(
                    "got an empty stop text, which every response begins with; give at least one character");
        }
        if (text.contains(UNFINISHED)) {
            throw new IllegalArgumentException(
                    "got a stop text with U+FFFD, which a character looks like until its last"
                            + " token is there; give the text without it");
        }
    }

    /**
     * Whether a response ends with its newest token. Looks at no more tokens than a stop text can have, however long the
     * response is.
     *
     * @param ids its tokens, and perhaps room behind them; none of them but the newest has ended it
     * @param length how many tokens there are, at least one
     * @return whether its text contains a stop text now
     * @throws IllegalArgumentException for an id outside the vocabulary
     */
    public boolean end(int[] ids, int length) {
        if (texts.isEmpty() || tokenizer.isControl(ids[length - 1])) {
            return false;
        }
        // the whole text has the last word: bytes that are no characters can make others unreadable far behind them
        return isIn(spans.decode(ids, start(ids, length), length)) && isIn(spans.decode(ids, 0, length));
    }

    /**
     * The part of a response's text that counts.
     *
     * @param text the text of all its tokens
     * @return what is in front of the first stop text; all of it if there is none
     */
    public String before(String text) {
        int first = texts.stream()
                .mapToInt(text::indexOf)
                .filter(at -> at >= 0)
                .min()
                .orElse(text.length());
        return text.substring(0, first);
    }

    /**
     * How much of a text that goes on is sure to stay, because no stop text that has begun in it can still be completed.
     *
     * @param text the text so far, without a whole stop text
     * @return a number of characters (Java's)
     */
    public int settled(CharSequence text) {
        int longest = texts.stream().mapToInt(String::length).max().orElse(0);
        for (int at = Math.max(0, text.length() - longest + 1); at < text.length(); at++) {
            String rest = text.subSequence(at, text.length()).toString();
            if (texts.stream().anyMatch(stop -> stop.startsWith(rest))) {
                return at;
            }
        }
        return text.length();
    }

    private boolean isIn(String text) {
        return texts.stream().anyMatch(text::contains);
    }

    /** Where a stop text that the newest token completes can have begun: each token that says something has a byte of it. */
    private int start(int[] ids, int length) {
        int start = length;
        for (int found = 0; start > 0 && found < mostTokens; ) {
            found += isSilent(ids[--start]) ? 0 : 1;
        }
        // back to where the character begins, or the library cannot read the bytes behind it
        int back = LONGEST_CHARACTER - 1;
        while (start > 0 && back > 0 && (isSilent(ids[start]) || continuesCharacter(ids[start]))) {
            start--;
            back -= isSilent(ids[start]) ? 0 : 1;
        }
        return start;
    }

    private boolean isSilent(int id) {
        return tokenizer.isControl(id) || (unknownIsSilent && id == tokenizer.unkId());
    }

    /** Whether a token is a byte (0x80 to 0xBF) that no character begins with. */
    private boolean continuesCharacter(int id) {
        String piece = tokenizer.piece(id);
        return piece.length() == "<0x80>".length() && piece.startsWith("<0x") && "89AB".indexOf(piece.charAt(3)) >= 0;
    }
}
