package org.hone.spark.shard;

import java.util.List;

/**
 * A row of a token shard.
 *
 * @param id the row's id
 * @param tokens token ids by column, in the order of the reader's columns
 * @param margin m(r) of a pair, in reward units; 0 where the table has none
 */
public record TokenRow(String id, List<int[]> tokens, float margin) {
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
