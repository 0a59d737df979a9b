package org.hone.data.curation;

import java.text.Normalizer;
import java.util.List;

/**
 * A name of 128 bits for a row's text as it reads: in Unicode's NFKC, in lower case, white space collapsed. Unlike
 * shingles it minds punctuation: "a+b" is not "a-b".
 *
 * @param high its first half
 * @param low its second half
 */
public record ExactHash(long high, long low) {
    private static final long OTHER_PRIME = 0x9FB21C651E98DF25L;

    /** Looked up, since most characters of most texts are these. */
    private static final int ASCII = 128;

    private static final boolean[] ASCII_SPACE = new boolean[ASCII];
    private static final byte[] ASCII_LOWER = new byte[ASCII];

    static {
        for (int point = 0; point < ASCII; point++) {
            ASCII_SPACE[point] = Character.isWhitespace(point);
            ASCII_LOWER[point] = (byte) Character.toLowerCase(point);
        }
    }

    /**
     * The hash of passages in their order.
     *
     * @param passages the passages
     * @param hashes the hash of each passage's text
     * @return their hash
     */
    static ExactHash of(List<Passage> passages, List<ExactHash> hashes) {
        long high = 0;
        long low = 0;
        for (int i = 0; i < passages.size(); i++) {
            ExactHash hash = hashes.get(i);
            long salt = passages.get(i).kind().salt();
            high = Mixing.finalise(high * Mixing.GOLDEN + hash.high + salt);
            low = Mixing.finalise(low * OTHER_PRIME + hash.low + salt);
        }
        return new ExactHash(high, low);
    }

    /**
     * The hash of one text.
     *
     * @param text the text
     * @return its hash
     */
    public static ExactHash of(String text) {
        String normal = WordHashes.isAscii(text) ? text : Normalizer.normalize(text, Normalizer.Form.NFKC);
        long high = Mixing.start();
        long low = Mixing.GOLDEN;
        boolean space = false;
        boolean begun = false;
        for (int i = 0; i < normal.length(); ) {
            int point = normal.codePointAt(i);
            i += Character.charCount(point);
            if (point < ASCII ? ASCII_SPACE[point] : Character.isWhitespace(point)) {
                space = begun;
                continue;
            }
            if (space) {
                high = Mixing.step(high, ' ');
                low = Long.rotateLeft(low ^ ' ', 29) * OTHER_PRIME;
                space = false;
            }
            int lower = point < ASCII ? ASCII_LOWER[point] : Character.toLowerCase(point);
            high = Mixing.step(high, lower);
            low = Long.rotateLeft(low ^ lower, 29) * OTHER_PRIME;
            begun = true;
        }
        return new ExactHash(Mixing.finalise(high), Mixing.finalise(low));
    }

    /**
     * The hash of a set of shingles.
     *
     * @param shingles ascending, each once
     * @return its hash
     */
    public static ExactHash of(long[] shingles) {
        long high = shingles.length;
        long low = ~shingles.length;
        for (long shingle : shingles) {
            high = Mixing.finalise(high + shingle);
            low = Long.rotateLeft(low ^ shingle, 29) * OTHER_PRIME;
        }
        return new ExactHash(high, Mixing.finalise(low));
    }

    /**
     * A hash that does not mind which of two comes first.
     *
     * @param other the other hash
     * @return the sum of both
     */
    public ExactHash plus(ExactHash other) {
        return new ExactHash(high + other.high, low + other.low);
    }
}
