package org.hone.data.tokenizer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.hone.data.tokenizer.SentencePieceModel.Algorithm;
import org.hone.data.tokenizer.SentencePieceModel.Kind;
import org.hone.data.tokenizer.SentencePieceModel.Normalisation;
import org.hone.data.tokenizer.SentencePieceModel.Piece;

/** Field numbers are those of sentencepiece_model.proto; what is not named there has its proto2 default. */
final class SentencePieceModelParser {
    private final List<Piece> pieces = new ArrayList<>();
    private boolean hasTrainerSpec;
    private boolean hasNormalizerSpec;
    private Algorithm algorithm = Algorithm.UNIGRAM;
    private boolean byteFallback;
    private boolean blankAsSuffix;
    private String rulesName = "";
    private CharacterRules rules = CharacterRules.NONE;
    private boolean addDummyPrefix = true;
    private boolean removeExtraBlanks = true;
    private boolean escapeBlanks = true;
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
                algorithm,
                byteFallback,
                new Normalisation(rulesName, rules, addDummyPrefix, removeExtraBlanks, escapeBlanks, blankAsSuffix),
                unknownSurface,
                bosPiece,
                eosPiece);
    }

    private static Piece piece(ProtobufReader reader) throws IOException {
        String text = "";
        float score = 0;
        long kind = 1;
        for (int field = reader.nextField(); field != 0; field = reader.nextField()) {
            switch (field) {
                case 1 -> text = text(reader);
                case 2 -> score = reader.decimal();
                case 3 -> kind = reader.number();
                default -> reader.skip();
            }
        }
        return new Piece(text, score, Kind.of(kind, text));
    }

    private void trainerSpec(ProtobufReader reader) throws IOException {
        hasTrainerSpec = true;
        for (int field = reader.nextField(); field != 0; field = reader.nextField()) {
            switch (field) {
                case 3 -> algorithm = Algorithm.of(reader.number());
                case 24 -> blankAsSuffix = reader.number() != 0;
                case 35 -> byteFallback = reader.number() != 0;
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
                case 1 -> rulesName = text(reader);
                case 2 -> rules = CharacterRules.parse(reader.bytes());
                case 3 -> addDummyPrefix = reader.number() != 0;
                case 4 -> removeExtraBlanks = reader.number() != 0;
                case 5 -> escapeBlanks = reader.number() != 0;
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
            return StandardCharsets.UTF_8.newDecoder().decode(reader.bytes()).toString();
        } catch (CharacterCodingException e) {
            throw new IOException("a piece is not UTF-8", e);
        }
    }
}
