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

    /**
     * The hash of passages in their order.
     *
     * @param passages the passages
     * @return their hash
     */
    public static ExactHash of(List<Passage> passages) {
        long high = 0;
        long low = 0;
        for (Passage passage : passages) {
            ExactHash hash = of(passage.text());
            long salt = passage.kind().salt();
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
            if (Character.isWhitespace(point)) {
                space = begun;
                continue;
            }
            if (space) {
                high = Mixing.step(high, ' ');
                low = Long.rotateLeft(low ^ ' ', 29) * OTHER_PRIME;
                space = false;
            }
            int lower = Character.toLowerCase(point);
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
