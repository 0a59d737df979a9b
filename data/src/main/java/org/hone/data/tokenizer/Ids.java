package org.hone.data.tokenizer;

import java.util.Arrays;

/** Token ids under work: an array that grows, used again for the next text. */
final class Ids {
    private static final int MOST_KEPT = 1 << 16;

    private int[] array = new int[256];
    private int length;

    void clear() {
        length = 0;
        if (array.length > MOST_KEPT) {
            array = new int[256];
        }
    }

    int length() {
        return length;
    }

    boolean endsWith(int id) {
        return length > 0 && array[length - 1] == id;
    }

    void append(int id) {
        if (length == array.length) {
            array = Arrays.copyOf(array, 2 * length);
        }
        array[length++] = id;
    }

    /** Appends some ids from a place on. */
    void append(int[] ids, int from) {
        int count = ids.length - from;
        if (length + count > array.length) {
            array = Arrays.copyOf(array, Math.max(length + count, 2 * array.length));
        }
        for (int i = 0; i < count; i++) {
            array[length + i] = ids[from + i];
        }
        length += count;
    }

    int[] from(int start) {
        return Arrays.copyOfRange(array, start, length);
    }

    void cut(int newLength) {
        length = newLength;
    }
}
