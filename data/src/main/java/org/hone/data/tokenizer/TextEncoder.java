package org.hone.data.tokenizer;

/** Text to ids, as one algorithm of SentencePiece does it. */
sealed interface TextEncoder extends AutoCloseable permits BpeEncoder, NativeEncoder {
    /** The ids of well-formed text. */
    int[] encode(String text);

    @Override
    void close();
}
