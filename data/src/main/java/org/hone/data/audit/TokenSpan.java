package org.hone.data.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hone.data.tokenizer.Tokenizer;

/**
 * A stretch of a row as it is shown: one token, or the few tokens that spell one character together.
 *
 * @param text what it says; for a control token its piece
 * @param pieces its pieces and ids, for a closer look
 * @param kind what training does with it
 */
public record TokenSpan(String text, String pieces, Kind kind) {
    /** No character has more bytes. */
    private static final int MOST_TOKENS = 4;

    private static final char REPLACEMENT = '\ufffd';

    /** What training does with a token. */
    public enum Kind {
        /** Read only. */
        PROMPT,
        /** Learned. */
        TRAINED,
        /** A control token that is read only. */
        PROMPT_CONTROL,
        /** A control token that is learned. */
        TRAINED_CONTROL;

        /**
         * Whether the loss counts it.
         *
         * @return whether it is learned
         */
        public boolean isTrained() {
            return this == TRAINED || this == TRAINED_CONTROL;
        }

        /**
         * Whether it is a control token.
         *
         * @return whether only a template can have put it there
         */
        public boolean isControl() {
            return this == PROMPT_CONTROL || this == TRAINED_CONTROL;
        }
    }

    /**
     * A row in stretches. Their texts, control tokens left out, are the row's text with the spaces that
     * decoding takes off.
     *
     * @param tokenizer the tokenizer
     * @param ids the row
     * @param trained which ids the loss counts
     * @return the stretches, in order
     */
    public static List<TokenSpan> of(Tokenizer tokenizer, int[] ids, boolean[] trained) {
        // decoding takes a space off the first word, so every token is decoded behind another one
        int[] before = tokenizer.encode("a");
        List<TokenSpan> spans = new ArrayList<>();
        int start = 0;
        while (start < ids.length) {
            int end = start + 1;
            String text;
            if (isOrdinary(tokenizer, ids[start])) {
                end = endOfCharacter(tokenizer, before, ids, trained, start);
                text = decoded(tokenizer, before, ids, start, end);
            } else {
                text = piece(tokenizer, ids[start]);
            }
            spans.add(new TokenSpan(
                    text, pieces(tokenizer, ids, start, end), kind(tokenizer, ids[start], trained[start])));
            start = end;
        }
        return spans;
    }

    private static boolean isOrdinary(Tokenizer tokenizer, int id) {
        return id >= 0 && id < tokenizer.vocabularySize() && id != tokenizer.unkId() && !tokenizer.isControl(id);
    }

    private static int endOfCharacter(Tokenizer tokenizer, int[] before, int[] ids, boolean[] trained, int start) {
        for (int end = start + 1; end <= Math.min(ids.length, start + MOST_TOKENS); end++) {
            int last = end - 1;
            if (!isOrdinary(tokenizer, ids[last]) || trained[last] != trained[start]) {
                break;
            }
            if (decoded(tokenizer, before, ids, start, end).indexOf(REPLACEMENT) < 0) {
                return end;
            }
        }
        return start + 1;
    }

    private static String decoded(Tokenizer tokenizer, int[] before, int[] ids, int start, int end) {
        int[] both = Arrays.copyOf(before, before.length + end - start);
        System.arraycopy(ids, start, both, before.length, end - start);
        return tokenizer.decode(both).substring(1);
    }

    private static String pieces(Tokenizer tokenizer, int[] ids, int start, int end) {
        StringBuilder pieces = new StringBuilder();
        for (int i = start; i < end; i++) {
            pieces.append(i > start ? " " : "")
                    .append(piece(tokenizer, ids[i]))
                    .append(" (")
                    .append(ids[i])
                    .append(')');
        }
        return pieces.toString();
    }

    private static String piece(Tokenizer tokenizer, int id) {
        return id >= 0 && id < tokenizer.vocabularySize() ? tokenizer.piece(id) : "<outside " + id + ">";
    }

    private static Kind kind(Tokenizer tokenizer, int id, boolean trained) {
        boolean control = !isOrdinary(tokenizer, id);
        return trained ? control ? Kind.TRAINED_CONTROL : Kind.TRAINED : control ? Kind.PROMPT_CONTROL : Kind.PROMPT;
    }
}
