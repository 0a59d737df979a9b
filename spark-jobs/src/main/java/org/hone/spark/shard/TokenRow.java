package org.hone.spark.shard;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of a token shard.
 *
 * @param id the row's id
 * @param tokens token ids by column, in the order of the reader's columns
 * @param margin m(r) of a pair, in reward units; 0 where the table has none
 * @param chosenSafe whether a pair's chosen response is safe, null where nobody said so
 * @param rejectedSafe whether a pair's other response is safe, null where nobody said so
 */
public record TokenRow(
        String id,
        List<int[]> tokens,
        float margin,
        @Nullable Boolean chosenSafe,
        @Nullable Boolean rejectedSafe) {
    /**
     * A row of which nobody said what is safe.
     *
     * @param id the row's id
     * @param tokens token ids by column, in the order of the reader's columns
     * @param margin m(r) of a pair, in reward units; 0 where the table has none
     */
    public TokenRow(String id, List<int[]> tokens, float margin) {
        this(id, tokens, margin, null, null);
    }

    /**
     * Token ids of a column.
     *
     * @param column its number among the reader's columns
     * @return the ids
     */
    public int[] tokens(int column) {
        return tokens.get(column);
    }
}
