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

    private long[] hashes = new long[256];
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
        String normal = isAscii(text) ? text : Normalizer.normalize(text, Normalizer.Form.NFKC);
        long word = Mixing.start();
        boolean open = false;
        for (int i = 0; i < normal.length(); ) {
            int point = normal.codePointAt(i);
            i += Character.charCount(point);
            if (isWord(point)) {
                boolean alone = standsAlone(point);
                if (open && alone) {
                    add(word);
                    word = Mixing.start();
                }
                word = Mixing.step(word, Character.toLowerCase(point));
                open = true;
                if (!alone) {
                    continue;
                }
            }
            if (open) {
                add(word);
                word = Mixing.start();
                open = false;
            }
        }
        if (open) {
            add(word);
        }
        return this;
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

    private void add(long word) {
        if (size == hashes.length) {
            hashes = Arrays.copyOf(hashes, 2 * size);
        }
        hashes[size++] = Mixing.finalise(word);
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
