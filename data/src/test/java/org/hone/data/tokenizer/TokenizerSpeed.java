package org.hone.data.tokenizer;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** Hone's side of {@code bench/tokenize}: lines through a tokenizer, one call a line, the median of some passes. */
public final class TokenizerSpeed {
    private static final Logger LOGGER = System.getLogger(TokenizerSpeed.class.getName());
    /** The first compiles the code; the words are then known, as they are a moment into any corpus. */
    private static final int WARM_UP = 2;

    private static final int PASSES = 5;

    private TokenizerSpeed() {}

    /**
     * Measures.
     *
     * @param arguments a tokenizer file, and a text file in UTF-8
     * @throws IOException when one of them cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        String[] lines = Files.readString(Path.of(arguments[1])).split("\n", -1);
        long bytes = 0;
        for (String line : lines) {
            bytes += line.getBytes(StandardCharsets.UTF_8).length;
        }
        double[] rates = new double[PASSES];
        long ids = 0;
        double first = 0;
        try (Tokenizer tokenizer = Tokenizer.open(Path.of(arguments[0]))) {
            for (int pass = -WARM_UP; pass < PASSES; pass++) {
                long start = System.nanoTime();
                ids = 0;
                for (String line : lines) {
                    ids += tokenizer.encode(line).length;
                }
                double rate = bytes / 1e6 / ((System.nanoTime() - start) / 1e9);
                if (pass >= 0) {
                    rates[pass] = rate;
                } else if (pass == -WARM_UP) {
                    first = rate;
                }
            }
        }
        Arrays.sort(rates);
        LOGGER.log(
                Level.INFO,
                String.format(
                        Locale.ROOT,
                        "hone: %.1f MB/s (the first pass, compiler included: %.1f), %d lines, %d ids, one core",
                        rates[PASSES / 2],
                        first,
                        lines.length,
                        ids));
    }
}
