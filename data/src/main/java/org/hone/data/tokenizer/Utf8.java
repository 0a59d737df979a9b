package org.hone.data.tokenizer;

import java.io.ByteArrayOutputStream;

/**
 * Characters to bytes, and SentencePiece's reading of byte pieces: each byte that does not begin a valid character gives one U+FFFD (Java's
 * own decoder gives one for a whole cut-off sequence, so the two would differ on a response cut within an emoji).
 */
final class Utf8 {
    private static final int REPLACEMENT = 0xFFFD;

    private Utf8() {}

    /** How many bytes a character takes. */
    static int length(int point) {
        return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    }

    /** A character's bytes, the last of them in the lowest 8 bits. */
    static int bytes(int point) {
        return switch (length(point)) {
            case 1 -> point;
            case 2 -> (0xC0 | point >>> 6) << 8 | tail(point);
            case 3 -> (0xE0 | point >>> 12) << 16 | tail(point >>> 6) << 8 | tail(point);
            default -> (0xF0 | point >>> 18) << 24 | tail(point >>> 12) << 16 | tail(point >>> 6) << 8 | tail(point);
        };
    }

    private static int tail(int point) {
        return 0x80 | (point & 0x3F);
    }

    /** Appends the bytes' characters to the text and empties the bytes. */
    static void appendLeniently(StringBuilder text, ByteArrayOutputStream source) {
        byte[] bytes = source.toByteArray();
        source.reset();
        for (int i = 0; i < bytes.length; ) {
            int length = lengthAfter(bytes[i]);
            int point = character(bytes, i, length);
            text.appendCodePoint(point < 0 ? REPLACEMENT : point);
            i += point < 0 ? 1 : length;
        }
    }

    private static int lengthAfter(byte first) {
        if (first >= 0) {
            return 1;
        }
        return (first & 0xE0) == 0xC0 ? 2 : (first & 0xF0) == 0xE0 ? 3 : (first & 0xF8) == 0xF0 ? 4 : 0;
    }

    /** The character of this many bytes, or -1 when they are none. */
    private static int character(byte[] bytes, int start, int length) {
        if (length == 1) {
            return bytes[start];
        }
        if (length == 0 || start + length > bytes.length) {
            return -1;
        }
        int point = bytes[start] & (0xFF >> (length + 1));
        for (int i = start + 1; i < start + length; i++) {
            if ((bytes[i] & 0xC0) != 0x80) {
                return -1;
            }
            point = (point << 6) | (bytes[i] & 0x3F);
        }
        int smallest = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000;
        boolean surrogate = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
        return point < smallest || point > Character.MAX_CODE_POINT || surrogate ? -1 : point;
    }
}
