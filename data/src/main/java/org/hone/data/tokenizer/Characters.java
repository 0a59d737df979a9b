package org.hone.data.tokenizer;

import java.util.Arrays;

/** Text under work: characters in an array that grows, used again for the next text. */
final class Characters {
    private char[] array = new char[256];
    private int length;

    void clear() {
        length = 0;
    }

    /** The characters; only those below {@link #length} count. */
    char[] array() {
        return array;
    }

    int length() {
        return length;
    }

    void append(char character) {
        reserve(1);
        array[length++] = character;
    }

    void append(String text, int start, int end) {
        reserve(end - start);
        text.getChars(start, end, array, length);
        length += end - start;
    }

    boolean endsWith(char character) {
        return length > 0 && array[length - 1] == character;
    }

    void dropLast() {
        length--;
    }

    void replace(int start, char replaced, char replacement) {
        for (int i = start; i < length; i++) {
            if (array[i] == replaced) {
                array[i] = replacement;
            }
        }
    }

    private void reserve(int more) {
        if (length + more > array.length) {
            array = Arrays.copyOf(array, Math.max(length + more, array.length + (array.length >> 1)));
        }
    }
}
