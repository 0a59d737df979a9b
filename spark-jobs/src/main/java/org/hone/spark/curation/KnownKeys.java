package org.hone.spark.curation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.function.LongPredicate;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.util.sketch.BloomFilter;
import org.jspecify.annotations.Nullable;

/**
 * A sieve of 64-bit numbers that is the same 4 MiB for few and for many: it lets every known number pass, and few others
 * unless there are far more than two million. Only what passes is shuffled and compared exactly, so the sieve decides
 * about time and never about a result.
 *
 * @param filter a Bloom filter as it writes itself; null if nothing is known
 */
record KnownKeys(@Nullable Broadcast<byte[]> filter) implements Serializable {
    /** Nothing is known. */
    static final KnownKeys NONE = new KnownKeys(null);

    private static final long EXPECTED = 2_000_000;
    private static final long BITS = 1 << 25;

    static KnownKeys of(Dataset<Row> numbers, String column) {
        if (numbers.isEmpty()) {
            return NONE;
        }
        try (ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
            numbers.stat().bloomFilter(column, EXPECTED, BITS).writeTo(bytes);
            JavaSparkContext spark =
                    JavaSparkContext.fromSparkContext(numbers.sparkSession().sparkContext());
            return new KnownKeys(spark.broadcast(bytes.toByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isEmpty() {
        return filter == null;
    }

    /** The sieve, for one task. */
    LongPredicate open() {
        if (filter == null) {
            return number -> false;
        }
        try {
            return BloomFilter.readFrom(filter.value())::mightContainLong;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
