package org.hone.data.tokenizer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.hone.data.tokenizer.SentencePieceModel.Kind;

/**
 * SentencePiece over a {@code tokenizer.model} file of any kind (BPE, unigram).
 *
 * <p>BPE, which Llama has, is encoded {@linkplain BpeEncoder in Java}; other kinds by the library. SentencePiece matches control pieces in no text, so {@code </s>} in a text is
 * ordinary characters; a piece that the model declares user-defined is ordinary too, whatever it looks like.
 * Pieces and decoding are read from the model file here, because the Java binding cuts decoded text at NUL and
 * breaks characters beyond U+FFFF, and ends the whole process for an id out of range; the rules are those
 * of SentencePiece 0.2 (sentencepiece_processor.cc, Decode), held against it by tests.
 */
public final class SentencePieceTokenizer implements Tokenizer {
    private static final String SPACE = "\u2581";

    private final String name;
    private final TextEncoder encoder;
    private final SentencePieceModel model;
    private final int bosId;
    private final int eosId;
    private final int unkId;
    private final String sha256;
    private volatile boolean closed;

    private SentencePieceTokenizer(
            String name, TextEncoder encoder, SentencePieceModel model, Ends ends, String sha256) {
        this.name = name;
        this.encoder = encoder;
        this.model = model;
        this.bosId = ends.bosId();
        this.eosId = ends.eosId();
        this.unkId = model.unknownId();
        this.sha256 = sha256;
    }

    /** The ids around a row. */
    private record Ends(int bosId, int eosId) {}

    /**
     * Opens a model file.
     *
     * @param file a SentencePiece model
     * @return the tokenizer, to be closed by the caller
     * @throws IOException when the file cannot be read, is cut off or is no SentencePiece model with a BOS and
     *     an EOS
     */
    public static SentencePieceTokenizer open(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        SentencePieceModel model;
        try {
            model = SentencePieceModel.parse(bytes);
        } catch (IOException e) {
            throw new IOException(
                    file + ": not a whole SentencePiece model (" + bytes.length + " bytes): " + e.getMessage()
                            + "; copy the file again",
                    e);
        }
        Ends ends = new Ends(
                controlId(file, model, "BOS", model.bosPiece()), controlId(file, model, "EOS", model.eosPiece()));
        try {
            return new SentencePieceTokenizer(
                    file.toString(), encoder(file, model, bytes), model, ends, Sha256.of(bytes));
        } catch (IOException e) {
            throw new IOException(file + ": SentencePiece refuses the model: " + e.getMessage(), e);
        }
    }

    private static TextEncoder encoder(Path file, SentencePieceModel model, byte[] bytes) throws IOException {
        return switch (model.algorithm()) {
            case BPE -> new BpeEncoder(model);
            case UNIGRAM, WORD, CHARACTER -> NativeEncoder.open(file.toString(), bytes);
        };
    }

    private static int controlId(Path file, SentencePieceModel model, String name, String piece) throws IOException {
        int id = model.controlId(piece);
        if (id < 0) {
            throw new IOException(file + ": the model has no " + name + " piece ('" + piece
                    + "'), which rows need; train it with a " + name + " id");
        }
        return id;
    }

    @Override
    public int[] encode(String text) {
        if (closed) {
            throw new IllegalStateException(name + " is closed; open it again");
        }
        return ControlIds.refuse(this, encoder.encode(WellFormedText.of(text)));
    }

    @Override
    public String decode(int[] ids) {
        StringBuilder text = new StringBuilder();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean expectsLeadingSpace = true;
        boolean tookLeadingSpace = false;
        for (int id : ids) {
            SentencePieceModel.Piece piece = entry(id);
            if (piece.kind() == Kind.BYTE) {
                bytes.write(piece.byteValue());
                continue;
            }
            Utf8.appendLeniently(text, bytes);
            expectsLeadingSpace &= !tookLeadingSpace && text.isEmpty();
            tookLeadingSpace = false;
            boolean strips = expectsLeadingSpace && model.stripsLeadingSpace();
            tookLeadingSpace = strips && !model.stripsAllLeadingSpace() && startsWithSpace(piece);
            text.append(
                    switch (piece.kind()) {
                        case CONTROL, BYTE -> "";
                        case UNKNOWN -> model.unknownSurface();
                        case NORMAL, USER_DEFINED, UNUSED ->
                            (strips && startsWithSpace(piece) ? piece.text().substring(1) : piece.text())
                                    .replace(SPACE, " ");
                    });
        }
        Utf8.appendLeniently(text, bytes);
        return text.toString();
    }

    private static boolean startsWithSpace(SentencePieceModel.Piece piece) {
        return piece.kind() != Kind.CONTROL
                && piece.kind() != Kind.UNKNOWN
                && piece.text().startsWith(SPACE);
    }

    @Override
    public String piece(int id) {
        return entry(id).text();
    }

    private SentencePieceModel.Piece entry(int id) {
        if (id < 0 || id >= model.pieces().size()) {
            throw new IllegalArgumentException("token id " + id + " is outside the vocabulary; allowed are 0 to "
                    + (model.pieces().size() - 1));
        }
        return model.pieces().get(id);
    }

    @Override
    public int vocabularySize() {
        return model.pieces().size();
    }

    @Override
    public int bosId() {
        return bosId;
    }

    @Override
    public int eosId() {
        return eosId;
    }

    @Override
    public int unkId() {
        return unkId;
    }

    @Override
    public boolean isControl(int id) {
        return id >= 0 && id < model.pieces().size() && model.pieces().get(id).kind() == Kind.CONTROL;
    }

    @Override
    public String sha256() {
        return sha256;
    }

    @Override
    public void close() {
        closed = true;
        encoder.close();
    }
}
