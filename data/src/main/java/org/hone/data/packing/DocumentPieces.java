package org.hone.data.packing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Documents to pretrain on, as examples that are packed like any other: BOS, the text, EOS, where the prompt is BOS alone.
 *
 * <p>A document that is longer than a row is split over several; nothing of it is dropped. Every piece begins with BOS,
 * as every row that is sampled from does, and only the last one ends with EOS. All others stay whole, which teaches
 * more than cutting the concatenated text every {@code maxLength} tokens (Ding et al., arXiv 2404.10830).
 */
public final class DocumentPieces {
    /** A last piece is at least this long, or it would teach that a text may end after a word. */
    static final int SHORTEST_END = 16;

    private DocumentPieces() {}

    /**
     * Whether a row can be a piece that another one continues, and so may end without EOS: it begins with BOS alone, as
     * no dialogue does, and fills its row but for what {@link #split} may leave free.
     *
     * @param promptLength ids before the text
     * @param length all ids
     * @param maxLength the most ids of a row
     * @return true for all pieces but a document's last
     */
    public static boolean mayGoOn(int promptLength, int length, int maxLength) {
        return promptLength == 1 && length > maxLength - SHORTEST_END;
    }

    /**
     * Splits a document.
     *
     * @param id the document's id; piece i of several has the id with {@code #i} behind it
     * @param text the document's ids, without BOS and EOS
     * @param bosId the id that begins a piece
     * @param eosId the id that ends the document
     * @param maxLength the most ids of a piece, at least 32
     * @return the pieces, in order
     */
    public static List<PackedExample> split(String id, int[] text, int bosId, int eosId, int maxLength) {
        if (maxLength < 2 * SHORTEST_END) {
            throw new IllegalArgumentException(
                    "a row of " + maxLength + " tokens is too short for documents; use at least " + 2 * SHORTEST_END);
        }
        int[] ended = Arrays.copyOf(text, text.length + 1);
        ended[text.length] = eosId;
        int room = maxLength - 1;
        List<PackedExample> pieces = new ArrayList<>();
        int start = 0;
        while (start < ended.length) {
            int left = ended.length - start;
            int length = Math.min(room, left);
            if (left > room && left - room < SHORTEST_END) {
                length = left - SHORTEST_END;
            }
            String name = pieces.isEmpty() && length == left ? id : id + "#" + pieces.size();
            pieces.add(new PackedExample(name, new int[] {bosId}, Arrays.copyOfRange(ended, start, start + length), 0));
            start += length;
        }
        return pieces;
    }
}
