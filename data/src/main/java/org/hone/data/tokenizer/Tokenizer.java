package org.hone.data.tokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Turns text into token ids and back.
 *
 * <p>Text is data: whatever it says ({@code </s>}, {@code <|eot_id|>}), it never becomes a control id. Only a
 * template puts control ids into a row, so a user cannot end a prompt or open a system message by typing.
 *
 * <p>A tokenizer may be used by many threads at once. {@link #close} waits for running calls; a call after it
 * is an {@link IllegalStateException}.
 */
public interface Tokenizer extends AutoCloseable {
    /** The file name of a SentencePiece model in a model folder. */
    String SENTENCE_PIECE_FILE = "tokenizer.model";

    /** The file name of a Hugging Face tokenizer in a model folder. */
    String HUGGING_FACE_FILE = "tokenizer.json";

    /**
     * Opens the tokenizer of a model folder ({@value #SENTENCE_PIECE_FILE} is preferred, else
     * {@value #HUGGING_FACE_FILE}) or a tokenizer file. Nothing is fetched from a network.
     *
     * @param path a folder or a file; a file whose name ends in {@code .json} is read as Hugging Face's
     *     format, any other as a SentencePiece model
     * @return the tokenizer, to be closed by the caller
     * @throws IOException when there is no such file, or when it is cut off or not a tokenizer; the message
     *     says which, and how to mend it
     */
    static Tokenizer open(Path path) throws IOException {
        Path file = path;
        if (Files.isDirectory(path)) {
            file = path.resolve(SENTENCE_PIECE_FILE);
            if (!Files.exists(file)) {
                file = path.resolve(HUGGING_FACE_FILE);
            }
            if (!Files.exists(file)) {
                throw new IOException(path + ": neither " + SENTENCE_PIECE_FILE + " nor " + HUGGING_FACE_FILE
                        + " is in this folder; copy the tokenizer of the base model into it");
            }
        }
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + ": no such tokenizer file; name a folder that holds " + SENTENCE_PIECE_FILE
                    + " or " + HUGGING_FACE_FILE + ", or one of these files");
        }
        return file.toString().endsWith(".json") ? HuggingFaceTokenizer.open(file) : SentencePieceTokenizer.open(file);
    }

    /**
     * Text to ids, without a BOS or EOS. An unpaired surrogate is read as U+FFFD, as an encoder to UTF-8 does.
     *
     * @param text any text
     * @return the ids, none of them a control id; empty for empty text
     */
    int[] encode(String text);

    /**
     * Ids to text. Control ids leave no trace; bytes that are not UTF-8 become U+FFFD. The space that a
     * tokenizer puts before the first word is taken off again, so {@code decode(encode(x))} is x
     * where the tokenizer's normalisation is the identity (Llama's is).
     *
     * @param ids ids of the vocabulary
     * @return the text
     * @throws IllegalArgumentException for an id outside the vocabulary
     */
    String decode(int[] ids);

    /**
     * The piece of an id as the vocabulary spells it, such as {@code ▁the} or {@code <0x0A>}.
     *
     * @param id an id of the vocabulary
     * @return its piece
     * @throws IllegalArgumentException for an id outside the vocabulary
     */
    String piece(int id);

    /**
     * The number of ids: the highest id and one. A model's embedding has at least as many rows.
     *
     * @return the size
     */
    int vocabularySize();

    /**
     * The id that begins a row.
     *
     * @return the id
     */
    int bosId();

    /**
     * The id that ends a response.
     *
     * @return the id
     */
    int eosId();

    /**
     * The id of a character that the vocabulary lacks; no text gives it where the vocabulary has byte pieces.
     *
     * @return the id, or -1 when the vocabulary has none
     */
    int unkId();

    /**
     * Whether an id is a control token: one that only a template may put into a row.
     *
     * @param id any number
     * @return true for control tokens, BOS and EOS among them
     */
    boolean isControl(int id);

    /**
     * What the tokenizer is, for a record of how ids were made.
     *
     * @return the SHA-256 of the tokenizer's file, in hexadecimal
     */
    String sha256();

    /** Frees the native memory. Closing twice does nothing. */
    @Override
    void close();
}
