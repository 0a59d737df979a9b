package org.hone.data.tokenizer.train;

/**
 * How a vocabulary is trained. What Llama never varies is no option: no normalisation, a blank put before the
 * text, digits alone, scripts apart, unknown characters as bytes.
 *
 * @param vocabularySize how many pieces, the 3 control pieces and the 256 bytes among them
 * @param characterCoverage share of the text's characters, from above 0 to 1, whose kinds get a piece of their own; the
 *     rarest kinds beyond it are written as bytes
 * @param longestPiece the most characters (code points) of a piece
 */
public record BpeOptions(int vocabularySize, double characterCoverage, int longestPiece) {
    /** Pieces that every vocabulary has: unknown, begin, end, and one for each byte. */
    static final int FIXED_PIECES = 3 + 256;

    /**
     * Checks the ranges.
     *
     * @param vocabularySize above 259
     * @param characterCoverage above 0, at most 1
     * @param longestPiece at least 1
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
