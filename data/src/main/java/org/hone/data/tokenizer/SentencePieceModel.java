package org.hone.data.tokenizer;

import java.io.IOException;
import java.util.List;

/**
 * What a SentencePiece model file says (sentencepiece_model.proto), as far as encoding and decoding need it.
 *
 * @param pieces the vocabulary, by id
 * @param algorithm how text is cut into pieces
 * @param byteFallback whether a character without a piece is written as its bytes
 * @param normalisation what is done to text before it is cut
 * @param unknownSurface what an unknown piece is decoded to
 * @param bosPiece the name of the BOS piece
 * @param eosPiece the name of the EOS piece
 */
record SentencePieceModel(
        List<Piece> pieces,
        Algorithm algorithm,
        boolean byteFallback,
        Normalisation normalisation,
        String unknownSurface,
        String bosPiece,
        String eosPiece) {
    /** How text is cut into pieces. */
    enum Algorithm {
        UNIGRAM,
        BPE,
        WORD,
        CHARACTER;

        /** The algorithm of a type's number in the file. */
        static Algorithm of(long number) throws IOException {
            if (number < 1 || number > values().length) {
                throw new IOException("model type " + number + ", of which SentencePiece knows 1 to 4");
            }
            return values()[(int) number - 1];
        }
    }

    /** What a piece is. */
    enum Kind {
        NORMAL,
        UNKNOWN,
        CONTROL,
        USER_DEFINED,
        UNUSED,
        BYTE;

        /** The kind of a type's number in the file. */
        static Kind of(long number, String piece) throws IOException {
            return switch ((int) Math.max(0, Math.min(number, 7))) {
                case 1 -> NORMAL;
                case 2 -> UNKNOWN;
                case 3 -> CONTROL;
                case 4 -> USER_DEFINED;
                case 5 -> UNUSED;
                case 6 -> BYTE;
                default ->
                    throw new IOException(
                            "piece '" + piece + "' has type " + number + ", of which SentencePiece knows 1 to 6");
            };
        }

        /** Whether text can become such a piece by its characters. */
        boolean isText() {
            return this == NORMAL || this == USER_DEFINED || this == UNUSED;
        }
    }

    /** One entry of the vocabulary; of two possible merges the one to the higher score is made first. */
    record Piece(String text, float score, Kind kind) {
        /** The value of a piece such as {@code <0x0A>}. */
        int byteValue() {
            return Integer.parseInt(text, 3, 5, 16);
        }
    }

    /**
     * What is done to text before it is cut into pieces.
     *
     * @param name the rules' name, such as {@code identity} or {@code nmt_nfkc}
     * @param rules replacements of characters, compiled; empty for none
     * @param dummyPrefix whether a blank is put before the text
     * @param removesExtraBlanks whether blanks are trimmed, and runs of them made one
     * @param escapesBlanks whether a blank becomes U+2581
     * @param blankAsSuffix whether the blank is put behind the text instead of before it
     */
    record Normalisation(
            String name,
            CharacterRules rules,
            boolean dummyPrefix,
            boolean removesExtraBlanks,
            boolean escapesBlanks,
            boolean blankAsSuffix) {}

    SentencePieceModel {
        pieces = List.copyOf(pieces);
    }

    /**
     * Reads the file's bytes.
     *
     * @throws IOException when the bytes are no whole SentencePiece model
     */
    static SentencePieceModel parse(byte[] file) throws IOException {
        return new SentencePieceModelParser().parse(file);
    }

    /** Whether decoding takes the space before the first word off. */
    boolean stripsLeadingSpace() {
        return normalisation.dummyPrefix() || normalisation.removesExtraBlanks();
    }

    /** Whether decoding takes every leading space off. */
    boolean stripsAllLeadingSpace() {
        return normalisation.removesExtraBlanks();
    }

    /**
     * The id of a control piece.
     *
     * @return its id, or -1
     */
    int controlId(String text) {
        for (int id = 0; id < pieces.size(); id++) {
            if (pieces.get(id).kind() == Kind.CONTROL && pieces.get(id).text().equals(text)) {
                return id;
            }
        }
        return -1;
    }

    /**
     * The id of the unknown piece.
     *
     * @return its id, or -1
     */
    int unknownId() {
        for (int id = 0; id < pieces.size(); id++) {
            if (pieces.get(id).kind() == Kind.UNKNOWN) {
                return id;
            }
        }
        return -1;
    }
}
