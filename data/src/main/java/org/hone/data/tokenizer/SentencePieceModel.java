package org.hone.data.tokenizer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a SentencePiece model file says about its pieces and about white space (sentencepiece_model.proto).
 *
 * @param pieces the vocabulary, by id
 * @param stripsLeadingSpace whether decoding takes the space before the first word off
 * @param stripsAllLeadingSpace whether decoding takes every leading space off
 * @param unknownSurface what an unknown piece is decoded to
 * @param bosPiece the name of the BOS piece
 * @param eosPiece the name of the EOS piece
 */
record SentencePieceModel(
        List<Piece> pieces,
        boolean stripsLeadingSpace,
        boolean stripsAllLeadingSpace,
        String unknownSurface,
        String bosPiece,
        String eosPiece) {
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
    }

    /** One entry of the vocabulary. */
    record Piece(String text, Kind kind) {}

    SentencePieceModel {
        pieces = List.copyOf(pieces);
    }

    /**
     * Reads the file's bytes.
     *
     * @throws IOException when the bytes are no whole SentencePiece model
     */
    static SentencePieceModel parse(byte[] file) throws IOException {
        return new Parser().parse(file);
    }

    /**
     * The id of a control piece.
     *
     * @return its id, or -1
     */
    int controlId(String text) {
        return pieces.indexOf(new Piece(text, Kind.CONTROL));
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

    /** Field numbers are those of sentencepiece_model.proto; what is not named there has its proto2 default. */
    private static final class Parser {
        private final List<Piece> pieces = new ArrayList<>();
        private boolean hasTrainerSpec;
        private boolean hasNormalizerSpec;
        private boolean addDummyPrefix = true;
        private boolean removeExtraWhitespace = true;
        private boolean hasDenormalizer;
        private String unknownSurface = " \u2047 ";
        private String bosPiece = "<s>";
        private String eosPiece = "</s>";

        SentencePieceModel parse(byte[] file) throws IOException {
            ProtobufReader model = new ProtobufReader(ByteBuffer.wrap(file));
            for (int field = model.nextField(); field != 0; field = model.nextField()) {
                switch (field) {
                    case 1 -> pieces.add(piece(new ProtobufReader(model.bytes())));
                    case 2 -> trainerSpec(new ProtobufReader(model.bytes()));
                    case 3 -> normalizerSpec(new ProtobufReader(model.bytes()));
                    case 5 -> denormalizerSpec(new ProtobufReader(model.bytes()));
                    default -> model.skip();
                }
            }
            if (pieces.isEmpty()) {
                throw new IOException("it holds no pieces");
            }
            if (!hasTrainerSpec || !hasNormalizerSpec) {
                throw new IOException("it ends after " + pieces.size()
                        + " pieces, without the trainer's and normaliser's settings that every model has");
            }
            if (hasDenormalizer) {
                throw new IOException("it has denormalisation rules, which Hone does not apply");
            }
            return new SentencePieceModel(
                    pieces,
                    addDummyPrefix || removeExtraWhitespace,
                    removeExtraWhitespace,
                    unknownSurface,
                    bosPiece,
                    eosPiece);
        }

        private static Piece piece(ProtobufReader reader) throws IOException {
            String text = "";
            long kind = 1;
            for (int field = reader.nextField(); field != 0; field = reader.nextField()) {
                switch (field) {
                    case 1 -> text = text(reader);
                    case 3 -> kind = reader.number();
                    default -> reader.skip();
                }
            }
            return new Piece(text, Kind.of(kind, text));
        }

        private void trainerSpec(ProtobufReader reader) throws IOException {
            hasTrainerSpec = true;
            for (int field = reader.nextField(); field != 0; field = reader.nextField()) {
                switch (field) {
                    case 44 -> unknownSurface = text(reader);
                    case 46 -> bosPiece = text(reader);
                    case 47 -> eosPiece = text(reader);
                    default -> reader.skip();
                }
            }
        }

        private void normalizerSpec(ProtobufReader reader) throws IOException {
            hasNormalizerSpec = true;
            for (int field = reader.nextField(); field != 0; field = reader.nextField()) {
                switch (field) {
                    case 3 -> addDummyPrefix = reader.number() != 0;
                    case 4 -> removeExtraWhitespace = reader.number() != 0;
                    default -> reader.skip();
                }
            }
        }

        private void denormalizerSpec(ProtobufReader reader) throws IOException {
            for (int field = reader.nextField(); field != 0; field = reader.nextField()) {
                if (field == 2) {
                    hasDenormalizer |= reader.bytes().hasRemaining();
                } else {
                    reader.skip();
                }
            }
        }

        private static String text(ProtobufReader reader) throws IOException {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(reader.bytes())
                        .toString();
            } catch (CharacterCodingException e) {
                throw new IOException("a piece is not UTF-8", e);
            }
        }
    }
}
