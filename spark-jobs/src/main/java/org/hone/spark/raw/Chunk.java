package org.hone.spark.raw;

import java.io.Serializable;

/**
 * A part of a file that one task reads.
 *
 * @param file its Hadoop path
 * @param container how it holds its records
 * @param start the first byte
 * @param end the byte behind the last; {@link Long#MAX_VALUE} for the whole file
 * @param firstRecord number of the first record of the chunk
 */
public record Chunk(String file, Container container, long start, long end, long firstRecord) implements Serializable {
    /**
     * The whole of a file.
     *
     * @param file its Hadoop path
     * @param container how it holds its records
     * @return the chunk
     */
    public static Chunk whole(String file, Container container) {
        return new Chunk(file, container, 0, Long.MAX_VALUE, 1);
    }

    /**
     * The same chunk with its place in the count of records.
     *
     * @param record number of its first record
     * @return the chunk
     */
    public Chunk startingWith(long record) {
        return new Chunk(file, container, start, end, record);
    }
}
