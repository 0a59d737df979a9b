package org.hone.data.tokenizer.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A trained vocabulary; the number of a piece in the list is its token id.
 *
 * @param pieces unknown, begin, end, the 256 bytes, the merges in order, then the single characters
 * @param options what it was trained with
 */
public record BpeVocabulary(List<Piece> pieces, BpeOptions options) {
    /**
     * Copies the list.
     *
     * @param pieces the pieces by token id
     * @param options what they were trained with
     */
    public BpeVocabulary {
        pieces = List.copyOf(pieces);
    }

    /**
     * The vocabulary as SentencePiece's file, {@code tokenizer.model} in a Llama folder.
     *
     * @return a serialized ModelProto; the same vocabulary gives the same bytes
     */
    public byte[] toModelFile() {
        return ModelFile.bytes(this);
    }

    /**
     * The name of the model file's content.
     *
     * @return the SHA-256 of {@link #toModelFile()}, in hexadecimal
     */
    public String sha256() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(toModelFile()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Writes {@link #toModelFile()}, whole or not at all.
     *
     * @param file where to; an older file is replaced
     * @throws IOException when it cannot be written
     */
    public void write(Path file) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        Path unfinished = Files.createTempFile(parent, ".tokenizer", ".unfinished");
        try {
            Files.write(unfinished, toModelFile());
            Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }
}
