package org.hone.data.packing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts lengths into as few rows as it can: the longest first, each into the fullest row that still takes it.
 *
 * <p>It never needs more than 11/9 of the fewest rows possible, and one more (Johnson et al., SIAM J. Comput. 3(4),
 * 1974). Time grows as n log n: rows are found by their free space in a tree.
 */
public final class BestFitDecreasing {
    private BestFitDecreasing() {}

    /**
     * Packs.
     *
     * <p>Of equal lengths the one that comes first in the input goes first, and of rows that are equally full the
     * oldest takes it, so the same lengths always give the same rows.
     *
     * @param lengths lengths in tokens, each from 1 to {@code maxLength}
     * @param maxLength the most tokens of a row
     * @return the rows: of each the indices of its lengths, ascending
     * @throws IllegalArgumentException if a length does not fit into a row
     */
    public static List<int[]> pack(int[] lengths, int maxLength) {
        List<Row> rows = new ArrayList<>();
        NavigableMap<Integer, Deque<Row>> byFree = new TreeMap<>();
        for (int index : longestFirst(lengths, maxLength)) {
            Row row = fullestWith(lengths[index], byFree);
            if (row == null) {
                row = new Row(maxLength);
                rows.add(row);
            }
            row.add(index, lengths[index]);
            if (row.free > 0) {
                byFree.computeIfAbsent(row.free, free -> new ArrayDeque<>()).add(row);
            }
        }
        return rows.stream().map(Row::indices).toList();
    }

    /** Takes the row out of the tree. */
    private static @Nullable Row fullestWith(int length, NavigableMap<Integer, Deque<Row>> byFree) {
        Map.Entry<Integer, Deque<Row>> fitting = byFree.ceilingEntry(length);
        if (fitting == null) {
            return null;
        }
        Row row = fitting.getValue().removeFirst();
        if (fitting.getValue().isEmpty()) {
            byFree.remove(fitting.getKey());
        }
        return row;
    }

    private static int[] longestFirst(int[] lengths, int maxLength) {
        long[] keys = new long[lengths.length];
        for (int i = 0; i < lengths.length; i++) {
            if (lengths[i] < 1 || lengths[i] > maxLength) {
                throw new IllegalArgumentException("example " + i + " has " + lengths[i]
                        + " tokens; a packed row takes examples of 1 to " + maxLength
                        + ": encode them with this maximal length");
            }
            keys[i] = (long) (maxLength - lengths[i]) << 32 | i;
        }
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
    }

    /** A row that is being filled. */
    private static final class Row {
        private final List<Integer> indices = new ArrayList<>();
        private int free;

        Row(int maxLength) {
            free = maxLength;
        }

        void add(int index, int length) {
            indices.add(index);
            free -= length;
        }

        int[] indices() {
            return indices.stream().mapToInt(Integer::intValue).sorted().toArray();
        }
    }
}
