package org.hone.spark.shard;

import java.io.IOException;
import org.hone.spark.run.Storage;
import org.hone.spark.tokenise.Encoding;
import org.hone.spark.tokenise.EncodingIdentity;

/**
 * Where shards go and what bounds them.
 *
 * @param storage the file systems
 * @param folder where the shards go; must not exist
 * @param seed decides the order of the rows
 * @param encoding how the rows were made; stands in the manifest
 * @param maxShardBytes the most memory that a shard's tokens take in a rank, four bytes each; a rank holds two shards
 */
public record ShardTarget(Storage storage, String folder, long seed, EncodingIdentity encoding, long maxShardBytes) {
    /** A shard's rows at most, however short they are. */
    public static final int MAX_ROWS_PER_SHARD = 2_048;

    /** At 4,096 tokens a row this is {@value #MAX_ROWS_PER_SHARD} rows. */
    public static final long MAX_SHARD_BYTES = 32 << 20;

    /**
     * Shards of the usual size.
     *
     * @param storage the file systems
     * @param folder where the shards go; must not exist
     * @param seed decides the order of the rows
     * @param encoding how the rows are made
     * @return the target
     * @throws IOException if the tokenizer cannot be read
     */
    public static ShardTarget of(Storage storage, String folder, long seed, Encoding encoding) throws IOException {
        return new ShardTarget(storage, folder, seed, encoding.identity(), MAX_SHARD_BYTES);
    }

    /** Rows a shard, so that even a shard of the longest rows keeps the bound. */
    int rowsPerShard(int maxRowTokens) {
        long rows = maxShardBytes / (4L * Math.max(1, maxRowTokens));
        if (rows < 1) {
            throw new IllegalArgumentException(folder + ": a row of " + maxRowTokens + " tokens needs "
                    + 4L * maxRowTokens + " bytes, a shard may have " + maxShardBytes
                    + "; lower max-length or allow larger shards");
        }
        return (int) Math.min(MAX_ROWS_PER_SHARD, rows);
    }
}
