package org.hone.data.tokenizer;

import ai.djl.sentencepiece.jni.SentencePieceLibrary;
import java.io.IOException;
import java.util.List;

/** SentencePiece's own encoder, for models of any kind. */
final class NativeEncoder implements TextEncoder {
    private final NativeHandle handle;

    private NativeEncoder(NativeHandle handle) {
        this.handle = handle;
    }

    /** Loads the native code once a process, when the first model is opened. */
    private static final class Library {
        static final SentencePieceLibrary INSTANCE = load();

        private static SentencePieceLibrary load() {
            NativeLibrary.load(SentencePieceLibrary.class, "native/lib", "", List.of("sentencepiece_native"));
            return SentencePieceLibrary.LIB;
        }
    }

    /**
     * Opens a model.
     *
     * @param name what messages call it
     * @throws IOException when SentencePiece refuses it
     */
    static NativeEncoder open(String name, byte[] model) throws IOException {
        long address = Library.INSTANCE.createSentencePieceProcessor();
        NativeHandle handle = new NativeHandle(name, address, Library.INSTANCE::deleteSentencePieceProcessor);
        try {
            Library.INSTANCE.loadModelFromBytes(address, model);
        } catch (RuntimeException e) {
            handle.close();
            throw new IOException(e.getMessage(), e);
        }
        return new NativeEncoder(handle);
    }

    @Override
    public int[] encode(String text) {
        return handle.use(address -> Library.INSTANCE.encode(address, text));
    }

    @Override
    public void close() {
        handle.close();
    }
}
