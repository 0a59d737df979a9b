package org.hone.data.curation;

import java.text.Normalizer;
import java.util.Arrays;

/**
 * The words of a text as 64-bit hashes, without a string a word. Text is compared in Unicode's NFKC and in lower case;
 * a word is a run of letters, digits and the marks on them, and everything else only parts words. Ideographs and kana,
 * which are written without spaces, are a word each.
 */
public final class WordHashes {
    private static final int ASCII = 128;
    /** Letters in lower case and digits by themselves; 0 for what parts words. */
    private static final byte[] ASCII_WORDS = new byte[ASCII];

    static {
        for (int point = 0; point < ASCII; point++) {
            ASCII_WORDS[point] = (byte) (isWord(point) ? Character.toLowerCase(point) : 0);
        }
    }

    private long[] hashes = new long[256];
    private int[] starts = new int[256];
    private int[] ends = new int[256];
    private String text = "";
    private int size;

    /** Starts without words. */
    public WordHashes() {}

    /**
     * Reads a text; the words of the text before it are forgotten.
     *
     * @param text any text
     * @return this
     */
    public WordHashes read(String text) {
        size = 0;
        if (isAscii(text)) {
            this.text = text;
            return readAscii(text);
        }
        String normal = Normalizer.normalize(text, Normalizer.Form.NFKC);
        this.text = normal;
        int begin = 0;
        int end = 0;
        while (begin < normal.length()) {
            int point = normal.codePointAt(begin);
            end = begin + Character.charCount(point);
            if (isWord(point)) {
                end = standsAlone(point) ? end : endOfWord(normal, end);
                add(begin, end);
            }
            begin = end;
        }
        return this;
    }

    /** The same for the texts that are most: a word is hashed while its end is looked for. */
    private WordHashes readAscii(String text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            byte lower = ASCII_WORDS[text.charAt(i)];
            if (lower == 0) {
                continue;
            }
            int begin = i;
            long hash = Mixing.start();
            while (lower != 0) {
                hash = Mixing.step(hash, lower);
                i++;
                lower = i < length ? ASCII_WORDS[text.charAt(i)] : 0;
            }
            put(begin, i, hash);
        }
        return this;
    }

    private static int endOfWord(String text, int from) {
        int end = from;
        while (end < text.length()) {
            int point = text.codePointAt(end);
            if (!isWord(point) || standsAlone(point)) {
                return end;
            }
            end += Character.charCount(point);
        }
        return end;
    }

    /**
     * How many words the text has.
     *
     * @return the number
     */
    public int size() {
        return size;
    }

    /**
     * The hash of a word.
     *
     * @param place which word, from 0
     * @return its hash
     */
    long at(int place) {
        return hashes[place];
    }

    /**
     * The words as they stand in the text, normalised.
     *
     * @param first which word, from 0
     * @param last the last of them
     * @return the text from the first to the last
     */
    String text(int first, int last) {
        return text.substring(starts[first], ends[last]);
    }

    private void add(int begin, int end) {
        long hash = Mixing.start();
        for (int i = begin; i < end; ) {
            int point = text.codePointAt(i);
            hash = Mixing.step(hash, Character.toLowerCase(point));
            i += Character.charCount(point);
        }
        put(begin, end, hash);
    }

    private void put(int begin, int end, long hash) {
        if (size == hashes.length) {
            hashes = Arrays.copyOf(hashes, 2 * size);
            starts = Arrays.copyOf(starts, 2 * size);
            ends = Arrays.copyOf(ends, 2 * size);
        }
        starts[size] = begin;
        ends[size] = end;
        hashes[size++] = Mixing.finalise(hash);
    }

    private static boolean isWord(int point) {
        if (point < ASCII) {
            return (point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z') || (point >= '0' && point <= '9');
        }
        if (Character.isLetterOrDigit(point)) {
            return true;
        }
        int type = Character.getType(point);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }

    private static boolean standsAlone(int point) {
        if (point < 0x3040) {
            return false;
        }
        Character.UnicodeScript script = Character.UnicodeScript.of(point);
        return Character.isIdeographic(point)
                || script == Character.UnicodeScript.HIRAGANA
                || script == Character.UnicodeScript.KATAKANA;
    }

    static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= ASCII) {
                return false;
            }
        }
        return true;
    }
}
