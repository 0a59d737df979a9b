package org.hone.data.tokenizer;

import java.util.HashMap;
import java.util.Map;

/**
 * Byte-pair merging of one stretch of text: always the pair with the highest score, the leftmost of equals
 * (SentencePiece's bpe_model.cc), in O(n log n) for any text. One thread at a time uses it; its arrays are used again.
 */
final class BpeMerger {
    private static final int END = -1;
    private static final int MOST_KEPT = 1 << 16;

    private final BpeSymbols symbols;
    private final UserDefinedPieces userDefined;
    private final int[] byteIds;
    private final int unknownId;

    // by the position of a symbol: what it is, where it begins in the text, its neighbours, what it and the next one
    // merge to
    private int[] symbol = new int[0];
    private int[] start = new int[0];
    private int[] next = new int[0];
    private int[] previous = new int[0];
    private int[] merged = new int[0];
    private final LongHeap queue = new LongHeap();
    // what an unused piece was last merged from
    private final Map<Integer, long[]> origins = new HashMap<>();

    /**
     * A merger for a vocabulary.
     *
     * @param byteIds the ids of the bytes; empty when characters without a piece are unknown
     */
    BpeMerger(BpeSymbols symbols, UserDefinedPieces userDefined, int[] byteIds, int unknownId) {
        this.symbols = symbols;
        this.userDefined = userDefined;
        this.byteIds = byteIds;
        this.unknownId = unknownId;
    }

    /** Appends the ids of the text between two places. */
    void encode(char[] text, int from, int to, Ids ids) {
        reserve(to - from);
        int count = split(text, from, to);
        queue.clear();
        for (int i = 0; i < count; i++) {
            next[i] = i + 1 < count ? i + 1 : END;
            previous[i] = i - 1;
        }
        for (int i = 0; i < count; i++) {
            offer(i);
        }
        merge();
        for (int i = 0; i != END; i = next[i]) {
            emit(symbol[i], Character.codePointAt(text, start[i], to), ids);
        }
        release();
    }

    private int split(char[] text, int from, int to) {
        int count = 0;
        for (int at = from; at < to; count++) {
            start[count] = at;
            int length = userDefined.isEmpty() ? 0 : userDefined.match(text, at, to);
            if (length > 0) {
                symbol[count] = symbols.symbol(new String(text, at, length));
            } else {
                int point = Character.codePointAt(text, at, to);
                length = Character.charCount(point);
                symbol[count] = symbols.symbol(point);
            }
            at += length;
        }
        return count;
    }

    private void merge() {
        while (!queue.isEmpty()) {
            long best = queue.remove();
            int left = (int) best;
            int into = merged[left];
            // the pair may have changed since it was offered; then it has been offered anew
            if (into == BpeSymbols.NONE || symbols.rank(into) != (int) (best >>> 32)) {
                continue;
            }
            int right = next[left];
            symbol[left] = into;
            merged[right] = BpeSymbols.NONE;
            next[left] = next[right];
            if (next[left] != END) {
                previous[next[left]] = left;
            }
            if (previous[left] != END) {
                offer(previous[left]);
            }
            offer(left);
        }
    }

    /** Puts a symbol and its right neighbour into the queue, if they merge. */
    private void offer(int left) {
        int right = next[left];
        int into = right == END ? BpeSymbols.NONE : symbols.merged(symbol[left], symbol[right]);
        merged[left] = into;
        if (into != BpeSymbols.NONE) {
            queue.add((long) symbols.rank(into) << 32 | left);
            if (symbols.isUnused(into)) {
                origins.put(into, new long[] {symbol[left], symbol[right]});
            }
        }
    }

    /** Appends the ids of a character that merges with none. */
    void encode(int point, Ids ids) {
        emit(symbols.symbol(point), point, ids);
    }

    private void emit(int what, int point, Ids ids) {
        if (what != BpeSymbols.NONE && symbols.id(what) != unknownId) {
            emitSymbol(what, ids);
        } else if (byteIds.length > 0) {
            emitBytes(point, ids);
        } else if (!ids.endsWith(unknownId)) {
            ids.append(unknownId);
        }
    }

    private void emitBytes(int point, Ids ids) {
        int bytes = Utf8.bytes(point);
        for (int shift = 8 * (Utf8.length(point) - 1); shift >= 0; shift -= 8) {
            ids.append(byteIds[(bytes >>> shift) & 0xFF]);
        }
    }

    private void emitSymbol(int what, Ids ids) {
        long[] parts = symbols.isUnused(what) ? origins.get(what) : null;
        if (parts == null) {
            ids.append(symbols.id(what));
        } else {
            emitSymbol((int) parts[0], ids);
            emitSymbol((int) parts[1], ids);
        }
    }

    private void reserve(int length) {
        if (symbol.length < length) {
            int size = Math.max(64, length + (length >> 2));
            symbol = new int[size];
            start = new int[size];
            next = new int[size];
            previous = new int[size];
            merged = new int[size];
        }
    }

    private void release() {
        origins.clear();
        if (symbol.length > MOST_KEPT) {
            symbol = new int[0];
            start = new int[0];
            next = new int[0];
            previous = new int[0];
            merged = new int[0];
            queue.release();
        }
    }
}
