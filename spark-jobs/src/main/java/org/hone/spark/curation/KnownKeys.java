package org.hone.spark.curation;

import java.io.Serializable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.util.sketch.BloomFilter;
import org.jspecify.annotations.Nullable;

/**
 * A sieve of 64-bit numbers that is the same 4 MiB for few and for many: it lets every known number pass, and few others
 * unless there are far more than two million. Only what passes is shuffled and compared exactly, so the sieve decides
 * about time and never about a result.
 *
 * @param filter null if nothing is known
 */
record KnownKeys(@Nullable BloomFilter filter) implements Serializable {
    private static final long EXPECTED = 2_000_000;
    private static final long BITS = 1 << 25;

    static KnownKeys of(Dataset<Row> numbers, String column) {
        return new KnownKeys(numbers.isEmpty() ? null : numbers.stat().bloomFilter(column, EXPECTED, BITS));
    }

    boolean mayHold(long number) {
        return filter != null && filter.mightContainLong(number);
    }
}
