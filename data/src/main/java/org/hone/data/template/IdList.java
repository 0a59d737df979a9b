package org.hone.data.template;

import java.util.Arrays;

/** A growing row of ids, without a box for each. */
final class IdList {
    private int[] ids = new int[256];
    private int size;

    IdList add(int... more) {
        if (size + more.length > ids.length) {
            ids = Arrays.copyOf(ids, Math.max(ids.length * 2, size + more.length));
        }
        System.arraycopy(more, 0, ids, size, more.length);
        size += more.length;
        return this;
    }

    int[] toArray() {
        return Arrays.copyOf(ids, size);
    }
}
