package org.hone.data.tokenizer.train;

/**
 * A piece of a vocabulary.
 *
 * @param text the piece, a blank written as U+2581
 * @param score minus its rank among the merges and characters: the highest score merges first; 0 for pieces that do not merge
 * @param kind what it stands for
 */
public record Piece(String text, float score, Kind kind) {
    /** What a piece stands for. */
    public enum Kind {
        /** Ordinary text. */
        NORMAL(1),
        /** Text that the vocabulary cannot write. */
        UNKNOWN(2),
        /** A mark that no text can produce. */
        CONTROL(3),
        /** Text that stays whole wherever it stands. */
        USER_DEFINED(4),
        /** One byte of a character without a piece. */
        BYTE(6);

        /** The number in SentencePiece's file format. */
        final int number;

        Kind(int number) {
            this.number = number;
        }
    }
}
