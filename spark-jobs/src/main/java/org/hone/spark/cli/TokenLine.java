package org.hone.spark.cli;

import java.util.Arrays;
import org.hone.data.tokenizer.Tokenizer;

/** A line of token ids: a JSON array, or numbers separated by spaces. */
final class TokenLine {
    private TokenLine() {}

    static int[] parse(String line, String where, Tokenizer tokenizer) {
        String bare = line.strip();
        if (bare.startsWith("[") && bare.endsWith("]")) {
            bare = bare.substring(1, bare.length() - 1).strip();
        }
        if (bare.isEmpty()) {
            return new int[0];
        }
        return Arrays.stream(bare.split("[\\s,]+", -1))
                .mapToInt(text -> id(text, where, tokenizer.vocabularySize()))
                .toArray();
    }

    private static int id(String text, String where, int pieces) {
        int id;
        try {
            id = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(where + ": got " + text + ", expected token ids such as [1, 403, 2]", e);
        }
        if (id < 0 || id >= pieces) {
            throw new IllegalArgumentException(
                    where + ": token id " + id + " is outside the vocabulary, 0 to " + (pieces - 1));
        }
        return id;
    }
}
