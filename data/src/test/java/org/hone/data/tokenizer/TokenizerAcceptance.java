package org.hone.data.tokenizer;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Holds tokenizers of your own against vectors of generate.py: pairs of a tokenizer and a vectors file, the latter
 * either its JSON or llama.cpp's {@code .inp} with its {@code .out} beside it.
 */
public final class TokenizerAcceptance {
    private static final Logger LOGGER = System.getLogger(TokenizerAcceptance.class.getName());

    private TokenizerAcceptance() {}

    /**
     * Compares, and fails with a non-zero exit code when anything differs.
     *
     * @param arguments tokenizer, vectors, tokenizer, vectors, …
     * @throws IOException when a file cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        boolean same = true;
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            Path vectors = Path.of(arguments[i + 1]);
            try (Tokenizer tokenizer = Tokenizer.open(Path.of(arguments[i]))) {
                same &= vectors.toString().endsWith(".inp")
                        ? llamaVectors(tokenizer, vectors)
                        : pythonVectors(tokenizer, new TokenizerVectors(vectors), vectors);
            }
        }
        if (!same) {
            throw new IllegalStateException("the tokenizers differ from the vectors; see above");
        }
    }

    private static boolean pythonVectors(Tokenizer tokenizer, TokenizerVectors vectors, Path file) {
        List<String> differences = vectors.differences(tokenizer);
        differences.stream().limit(20).forEach(difference -> LOGGER.log(Level.ERROR, difference));
        LOGGER.log(
                Level.INFO,
                file + ": " + vectors.encodings() + " texts encoded and decoded, " + vectors.decodings()
                        + " rows of ids decoded, " + differences.size() + " differences");
        return differences.isEmpty();
    }

    private static boolean llamaVectors(Tokenizer tokenizer, Path inputs) throws IOException {
        String[] texts = Files.readString(inputs, StandardCharsets.UTF_8).split("\n__ggml_vocab_test__\n", -1);
        // both files end with their separator: the last of the texts is empty, as is the last line
        String[] lines = Files.readString(Path.of(inputs.toString().replace(".inp", ".out")))
                .split("\n", -1);
        int same = 0;
        for (int i = 0; i < lines.length; i++) {
            int[] expected = Arrays.stream(lines[i].trim().split(" +"))
                    .filter(id -> !id.isEmpty())
                    .mapToInt(Integer::parseInt)
                    .toArray();
            same += Arrays.equals(expected, tokenizer.encode(texts[i])) ? 1 : 0;
        }
        LOGGER.log(Level.INFO, inputs + ": " + same + " of " + lines.length + " vectors equal");
        return same == lines.length && same == texts.length;
    }
}
