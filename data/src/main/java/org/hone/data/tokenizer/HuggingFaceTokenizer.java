package org.hone.data.tokenizer;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Hugging Face's tokenizers library over a {@code tokenizer.json} with a BPE model, as Llama 3 has.
 *
 * <p>Special tokens are never matched in text (see {@link HuggingFaceFile}); tokens that were added without being
 * special are matched, as in Python.
 */
public final class HuggingFaceTokenizer implements Tokenizer {
    private final NativeHandle handle;
    private final HuggingFaceFile file;
    private final String sha256;

    private HuggingFaceTokenizer(NativeHandle handle, HuggingFaceFile file, String sha256) {
        this.handle = handle;
        this.file = file;
        this.sha256 = sha256;
    }

    /** Loads the native code once a process, when the first tokenizer is opened. */
    private static final class Library {
        static final TokenizersLibrary INSTANCE = load();

        private static TokenizersLibrary load() {
            boolean windows =
                    System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("win");
            List<String> names = windows
                    ? List.of("libwinpthread-1", "libgcc_s_seh-1", "libstdc++-6", "tokenizers")
                    : List.of("tokenizers");
            NativeLibrary.load(TokenizersLibrary.class, "native/lib", "cpu", names);
            return TokenizersLibrary.LIB;
        }
    }

    /**
     * Opens a tokenizer file. Which of its tokens are BOS and EOS is read from {@code tokenizer_config.json},
     * {@code special_tokens_map.json}, {@code generation_config.json} or {@code config.json} in the same folder.
     *
     * @param path a {@code tokenizer.json}
     * @return the tokenizer, to be closed by the caller
     * @throws IOException when the file cannot be read, is cut off, is not a BPE tokenizer, or when nothing says
     *     which tokens are BOS and EOS
     */
    public static HuggingFaceTokenizer open(Path path) throws IOException {
        byte[] bytes = Files.readAllBytes(path);
        HuggingFaceFile file = HuggingFaceFile.parse(path, bytes);
        long address;
        try {
            address = Library.INSTANCE.createTokenizerFromString(file.json());
        } catch (RuntimeException e) {
            throw new IOException(path + ": the tokenizers library refuses the file: " + e.getMessage(), e);
        }
        NativeHandle handle = new NativeHandle(path.toString(), address, Library.INSTANCE::deleteTokenizer);
        HuggingFaceTokenizer tokenizer = new HuggingFaceTokenizer(handle, file, Sha256.of(bytes));
        try {
            tokenizer.verify();
        } catch (IllegalStateException e) {
            tokenizer.close();
            throw new IOException(path + ": " + e.getMessage(), e);
        }
        return tokenizer;
    }

    /** What would otherwise show row by row, or never, is found when the file is opened. */
    private void verify() {
        // a vocabulary may spell a control token in the way of ordinary pieces
        file.controls().stream().forEach(id -> encode(piece(id)));
        file.added().forEach((text, id) -> {
            if (Arrays.stream(encode(text)).noneMatch(found -> found == id)) {
                throw new IllegalStateException("added token '" + text + "' has the id " + id
                        + ", but the tokenizers library numbers it otherwise; save the tokenizer again with Python");
            }
        });
    }

    @Override
    public int[] encode(String text) {
        String wellFormed = WellFormedText.of(text);
        long[] ids = handle.use(address -> {
            long encoding = Library.INSTANCE.encode(address, wellFormed, false);
            try {
                return Library.INSTANCE.getTokenIds(encoding);
            } finally {
                Library.INSTANCE.deleteEncoding(encoding);
            }
        });
        return ControlIds.refuse(
                this, Arrays.stream(ids).mapToInt(Math::toIntExact).toArray());
    }

    @Override
    public String decode(int[] ids) {
        long[] visible = Arrays.stream(ids)
                .peek(this::piece)
                .filter(id -> !isControl(id) && id != file.unkId())
                .asLongStream()
                .toArray();
        return handle.use(address -> Library.INSTANCE.decode(address, visible, true));
    }

    @Override
    public String piece(int id) {
        @Nullable String piece =
                id < 0 || id >= file.pieces().size() ? null : file.pieces().get(id);
        if (piece == null) {
            throw new IllegalArgumentException("token id " + id + " is outside the vocabulary; allowed are 0 to "
                    + (file.pieces().size() - 1) + " without its gaps");
        }
        return piece;
    }

    @Override
    public int vocabularySize() {
        return file.pieces().size();
    }

    @Override
    public int bosId() {
        return file.bosId();
    }

    @Override
    public int eosId() {
        return file.eosId();
    }

    @Override
    public int unkId() {
        return file.unkId();
    }

    @Override
    public boolean isControl(int id) {
        return id >= 0 && file.controls().get(id);
    }

    @Override
    public String sha256() {
        return sha256;
    }

    @Override
    public void close() {
        handle.close();
    }
}
