package org.hone.data.tokenizer;

import org.jspecify.annotations.Nullable;

/**
 * Remembers the ids of words that come again, in a table of fixed size that all threads share.
 *
 * <p>There is no lock: a slot holds null or a word whose fields are final, which every thread sees whole. Two threads that write
 * at once lose one of the words, which costs its encoding anew and nothing else.
 */
final class WordCache {
    /** The longest word that is kept; longer ones seldom come again. */
    static final int LONGEST = 40;

    /** A power of two; a full table takes some 8 MB. */
    private static final int SLOTS = 1 << 16;

    /** A word's ids. */
    static final class Word {
        private final char[] text;
        private final int[] ids;

        Word(char[] text, int[] ids) {
            this.text = text;
            this.ids = ids;
        }

        /** Not to be changed. */
        int[] ids() {
            return ids;
        }

        boolean is(char[] other, int start, int end) {
            if (text.length != end - start) {
                return false;
            }
            for (int i = 0; i < text.length; i++) {
                if (text[i] != other[start + i]) {
                    return false;
                }
            }
            return true;
        }
    }

    private final @Nullable Word[] slots = new Word[SLOTS];

    /** The word between two places of a text, or null. */
    @Nullable Word find(char[] text, int start, int end, int hash) {
        int slot = slot(hash);
        Word first = slots[slot];
        if (first != null && first.is(text, start, end)) {
            return first;
        }
        Word second = slots[slot ^ 1];
        return second != null && second.is(text, start, end) ? second : null;
    }

    /** Keeps a word; the one whose slot it takes moves to the neighbouring slot, in place of what is there. */
    void add(Word word, int hash) {
        int slot = slot(hash);
        slots[slot ^ 1] = slots[slot];
        slots[slot] = word;
    }

    private static int slot(int hash) {
        return (hash * 0x9E3779B9) >>> 16;
    }
}
