package org.hone.data.tokenizer.train;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes SentencePiece's ModelProto.
 *
 * <p>The format is a Protocol Buffers message (sentencepiece_model.proto, version 2 of the language). The few fields that a
 * byte-pair vocabulary needs are written here by their numbers, rather than bringing in a library that Spark has in a version of its own.
 */
final class ModelFile {
    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED_32 = 5;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private ModelFile() {}

    /** The file's bytes. */
    static byte[] bytes(BpeVocabulary vocabulary) {
        ModelFile model = new ModelFile();
        for (Piece piece : vocabulary.pieces()) {
            ModelFile message = new ModelFile();
            message.text(1, piece.text());
            message.decimal(2, piece.score());
            if (piece.kind() != Piece.Kind.NORMAL) {
                message.number(3, piece.kind().number);
            }
            model.message(1, message);
        }
        model.message(2, trainerSpec(vocabulary));
        ModelFile normalizer = new ModelFile();
        normalizer.text(1, "identity");
        normalizer.text(2, "");
        normalizer.flag(3, true); // add_dummy_prefix
        normalizer.flag(4, false); // remove_extra_whitespaces
        normalizer.flag(5, true); // escape_whitespaces
        model.message(3, normalizer);
        return model.out.toByteArray();
    }

    private static ModelFile trainerSpec(BpeVocabulary vocabulary) {
        ModelFile spec = new ModelFile();
        spec.number(3, 2); // model_type: BPE
        spec.number(4, vocabulary.pieces().size()); // vocab_size
        spec.decimal(10, (float) vocabulary.options().characterCoverage());
        spec.number(20, vocabulary.options().longestPiece()); // max_sentencepiece_length
        spec.flag(21, true); // split_by_unicode_script
        spec.flag(22, true); // split_by_whitespace
        spec.flag(23, true); // split_by_number
        spec.flag(24, false); // treat_whitespace_as_suffix
        spec.flag(25, true); // split_digits
        spec.flag(26, true); // allow_whitespace_only_pieces
        vocabulary.options().userDefined().forEach(piece -> spec.text(31, piece)); // user_defined_symbols
        spec.flag(35, true); // byte_fallback
        spec.number(40, 0); // unk_id
        spec.number(41, 1); // bos_id
        spec.number(42, 2); // eos_id
        spec.number(43, -1); // pad_id: none
        return spec;
    }

    private void message(int field, ModelFile message) {
        bytes(field, message.out.toByteArray());
    }

    private void text(int field, String text) {
        bytes(field, text.getBytes(StandardCharsets.UTF_8));
    }

    private void bytes(int field, byte[] bytes) {
        tag(field, LENGTH_DELIMITED);
        varint(bytes.length);
        out.writeBytes(bytes);
    }

    private void flag(int field, boolean value) {
        number(field, value ? 1 : 0);
    }

    private void number(int field, long value) {
        tag(field, VARINT);
        varint(value);
    }

    private void decimal(int field, float value) {
        tag(field, FIXED_32);
        int bits = Float.floatToIntBits(value);
        for (int shift = 0; shift < 32; shift += 8) {
            out.write(bits >>> shift);
        }
    }

    private void tag(int field, int wireType) {
        varint((long) field << 3 | wireType);
    }

    /** Seven bits a byte, the lowest first; the top bit says that more follow. */
    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
