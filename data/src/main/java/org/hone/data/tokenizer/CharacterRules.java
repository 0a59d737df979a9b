package org.hone.data.tokenizer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The replacements that a SentencePiece model applies to text, such as {@code nmt_nfkc}: the longest rule that matches is
 * taken.
 *
 * <p>The file holds them as a double-array trie over UTF-8 (darts-clone): the number of bytes of the trie, its units of
 * 32 bits, then the replacements, each ended by a zero byte; all in little-endian order. A unit has 8 bits of the byte
 * that leads to it, one bit for whether a rule ends there, and the offset of its children; the child by zero holds where
 * the replacement begins.
 */
final class CharacterRules {
    /** Rules that change nothing. */
    static final CharacterRules NONE = new CharacterRules(new int[0], new byte[0]);

    /** SentencePiece looks at so many matches at most. */
    private static final int MOST_MATCHES = 32;

    private static final int NO_MATCH = -1;

    private final int[] units;
    private final byte[] replacements;

    private CharacterRules(int[] units, byte[] replacements) {
        this.units = units;
        this.replacements = replacements;
    }

    static CharacterRules parse(ByteBuffer compiled) throws IOException {
        if (!compiled.hasRemaining()) {
            return NONE;
        }
        ByteBuffer bytes = compiled.slice().order(ByteOrder.LITTLE_ENDIAN);
        long length = bytes.remaining() < Integer.BYTES ? -1 : Integer.toUnsignedLong(bytes.getInt());
        if (length < Integer.BYTES || length % Integer.BYTES != 0 || length >= bytes.remaining()) {
            throw new IOException(
                    "its normalisation rules are cut off: a trie of " + length + " bytes in " + compiled.remaining());
        }
        int[] units = new int[(int) length / Integer.BYTES];
        bytes.asIntBuffer().get(units);
        bytes.position(bytes.position() + (int) length);
        byte[] replacements = new byte[bytes.remaining()];
        bytes.get(replacements);
        if (replacements[replacements.length - 1] != 0) {
            throw new IOException("its normalisation rules are cut off: the last one has no end");
        }
        return new CharacterRules(units, replacements);
    }

    boolean isEmpty() {
        return units.length == 0;
    }

    /**
     * The longest rule for what begins at a place.
     *
     * @return characters that it covers in the upper 32 bits, and where its replacement begins in the lower; negative for no
     *     rule
     */
    long match(String text, int start) {
        long match = NO_MATCH;
        int matches = 0;
        int node = offset(units[0]);
        for (int at = start; at < text.length(); ) {
            int point = text.codePointAt(at);
            at += Character.charCount(point);
            int bytes = Utf8.bytes(point);
            for (int shift = 8 * (Utf8.length(point) - 1); shift >= 0; shift -= 8) {
                int value = (bytes >>> shift) & 0xFF;
                node ^= value;
                if (node >= units.length || (units[node] & 0x800000FF) != value) {
                    return match;
                }
                int unit = units[node];
                node ^= offset(unit);
                if ((unit >>> 8 & 1) == 1 && matches++ < MOST_MATCHES) {
                    match = (long) (at - start) << 32 | (units[node] & Integer.MAX_VALUE);
                }
            }
        }
        return match;
    }

    /** The replacement that begins at a place that {@link #match} gave. */
    String replacement(int start) {
        int end = start;
        while (replacements[end] != 0) {
            end++;
        }
        return new String(replacements, start, end - start, StandardCharsets.UTF_8);
    }

    private static int offset(int unit) {
        return (unit >>> 10) << ((unit & 1 << 9) >>> 6);
    }
}
