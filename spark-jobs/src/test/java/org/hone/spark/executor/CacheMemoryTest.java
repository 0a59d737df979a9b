package org.hone.spark.executor;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CacheMemoryTest {
    private static final long GIB = 1L << 30;

    @Test
    void aTaskGetsItsShareOfHalfOfWhatIsLeft() {
        // 16 GiB, of which the heap may take 2, and weights and libraries have taken 6
        assertThat(CacheMemory.of(16 * GIB, 2 * GIB, 6 * GIB, 1)).isEqualTo(4 * GIB);
        assertThat(CacheMemory.of(16 * GIB, 2 * GIB, 6 * GIB, 4)).isEqualTo(GIB);
    }

    @Test
    void whereNothingIsLeftItIsLittleAndNotNothing() {
        assertThat(CacheMemory.of(4 * GIB, 2 * GIB, 3 * GIB, 2)).isEqualTo(64L << 20);
    }
}
