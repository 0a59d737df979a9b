package org.hone.data.tokenizer.train;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How a vocabulary is trained. What Llama never varies is no option: no normalisation, a blank put before the
 * text, digits alone, scripts apart, unknown characters as bytes.
 *
 * @param vocabularySize how many pieces, the 3 control pieces and the 256 bytes among them
 * @param characterCoverage share of the text's characters, from above 0 to 1, whose kinds get a piece of their own; the
 *     rarest kinds beyond it are written as bytes
 * @param longestPiece the most characters (code points) of a piece
 * @param userDefined pieces that stay whole wherever text has them, a blank written as U+2581; their ids follow the
 *     control pieces'
 */
public record BpeOptions(int vocabularySize, double characterCoverage, int longestPiece, List<String> userDefined) {
    /** Pieces that every vocabulary has: unknown, begin, end, and one for each byte. */
    static final int FIXED_PIECES = 3 + 256;

    /**
     * Checks the ranges.
     *
     * @param vocabularySize above 259
     * @param characterCoverage above 0, at most 1
     * @param longestPiece at least 1
     * @param userDefined all different, without blanks and line ends, none with the name of another piece
     * @throws IllegalArgumentException when one of them is out of range
     */
    public BpeOptions {
        if (vocabularySize <= FIXED_PIECES) {
            throw new IllegalArgumentException("vocabulary size " + vocabularySize + ": must be above " + FIXED_PIECES
                    + ", since 3 control pieces and 256 bytes are always there");
        }
        if (!(characterCoverage > 0 && characterCoverage <= 1)) {
            throw new IllegalArgumentException(
                    "character coverage " + characterCoverage + ": must be above 0 and at most 1; Llama 2 has 0.99995");
        }
        if (longestPiece < 1) {
            throw new IllegalArgumentException(
                    "longest piece " + longestPiece + ": must be at least 1; Llama 2 has 16");
        }
        userDefined = List.copyOf(userDefined);
        Set<String> seen = new HashSet<>();
        for (String piece : userDefined) {
            if (piece.isEmpty()
                    || piece.matches("(?s).*[ \\n\\t\\x00].*|<unk>|</?s>|<0x[0-9A-F]{2}>")
                    || !seen.add(piece)) {
                throw new IllegalArgumentException(
                        "user-defined piece '" + piece + "': must be given once, not be empty, have"
                                + " no blank, tab, line end or NUL (write a blank as \u2581), and not be named like a control piece or byte");
            }
        }
    }

    /**
     * Options without user-defined pieces.
     *
     * @param vocabularySize how many pieces
     * @param characterCoverage share of the text's characters with a piece of their own
     * @param longestPiece the most characters of a piece
     */
    public BpeOptions(int vocabularySize, double characterCoverage, int longestPiece) {
        this(vocabularySize, characterCoverage, longestPiece, List.of());
    }

    /** How many pieces are there whatever the text. */
    int givenPieces() {
        return FIXED_PIECES + userDefined.size();
    }

    /**
     * The options of Llama 2's own vocabulary, for another size.
     *
     * @param vocabularySize above 259; Llama 2 has 32,000
     * @return coverage 0.99995, pieces of at most 16 characters
     */
    public static BpeOptions llama(int vocabularySize) {
        return new BpeOptions(vocabularySize, 0.99995, 16);
    }
}
