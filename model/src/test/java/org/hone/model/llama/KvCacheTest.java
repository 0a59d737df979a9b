package org.hone.model.llama;

import java.util.Arrays;
import java.util.List;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

/** Decoding with a cache against the whole row at once, which has none. */
class KvCacheTest {
    private static final int[] ROW = {3, 1, 4, 1, 5, 9, 2, 6};
    private final LlamaConfig config = LlamaTest.config(new RopeScaling.None());
    private final Llama model = LlamaTest.model(config);

    @AfterEach
    void close() {
        model.close();
    }

    private KvCache cache(int rows) {
        return new KvCache(config, rows, 10, DataType.FLOAT32, Device.cpu());
    }

    /** Hidden states of the last of the new tokens, row after row. */
    private float[] step(KvCache cache, int tokens, int... ids) {
        return Memory.withoutGradients(() ->
                Memory.tidy(() -> model.hidden(Tensors.of(ids, cache.rows(), tokens), cache)
                        .select(1, tokens - 1)
                        .toFloats()));
    }

    private float[] whole(int... row) {
        return Memory.withoutGradients(() -> Memory.tidy(() -> model.hidden(TokenBatch.of(List.<int[]>of(row), 0))
                .select(1, row.length - 1)
                .toFloats()));
    }

    private static void same(float[] actual, float[] expected) {
        assertThat(actual).containsExactly(expected, within(2e-5f));
    }

    /** The prompt in one piece or in several, then token by token. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void piecesEqualTheWhole(int piece) {
        try (KvCache cache = cache(1)) {
            for (int start = 0; start < ROW.length; start += piece) {
                int end = Math.min(ROW.length, start + piece);
                float[] last = step(cache, end - start, Arrays.copyOfRange(ROW, start, end));
                same(last, whole(Arrays.copyOf(ROW, end)));
            }
            assertThat(cache.length()).isEqualTo(ROW.length);
        }
    }

    @Test
    void expandedRowsGoTheirOwnWays() {
        try (KvCache prompt = cache(1)) {
            step(prompt, 5, Arrays.copyOf(ROW, 5));
            try (KvCache rows = prompt.expand(3)) {
                assertThat(rows.rows()).isEqualTo(3);
                step(rows, 1, 7, 8, 9);
                float[] second = step(rows, 1, 1, 2, 3);
                int width = config.hiddenSize();
                same(Arrays.copyOfRange(second, width, 2 * width), whole(3, 1, 4, 1, 5, 8, 2));
                try (KvCache left = rows.select(new int[] {2, 0})) {
                    float[] third = step(left, 1, 4, 5);
                    same(Arrays.copyOf(third, width), whole(3, 1, 4, 1, 5, 9, 3, 4));
                    same(Arrays.copyOfRange(third, width, 2 * width), whole(3, 1, 4, 1, 5, 7, 1, 5));
                }
            }
            same(step(prompt, 1, 6), whole(3, 1, 4, 1, 5, 6));
        }
    }

    @Test
    void truncatedTokensAreForgotten() {
        try (KvCache cache = cache(1)) {
            step(cache, 6, 3, 1, 4, 2, 2, 2);
            cache.truncate(3);
            same(step(cache, 2, 1, 5), whole(3, 1, 4, 1, 5));
            assertThatThrownBy(() -> cache.truncate(6))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("tokens: 6 is not between 0 and the 5 in the cache");
        }
    }

    @Test
    void moreThanFitsIsRefused() {
        try (KvCache cache = cache(2)) {
            step(cache, 4, 1, 2, 3, 4, 5, 6, 7, 8);
            assertThatThrownBy(() -> step(cache, 7, new int[14]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a cache of 2 rows with 4 of 10 tokens has no room for 2 rows of 7 tokens");
            assertThatThrownBy(() -> cache.expand(2))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("run the prompt at batch 1");
            assertThatThrownBy(() -> cache(0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("at least 1");
        }
    }

    @Test
    void closingFreesEverything() {
        long before = Memory.liveTensors();
        try (KvCache cache = cache(1)) {
            step(cache, 2, 1, 2);
            cache.expand(2).close();
        }
        // the model's table of rotary angles was made on first use and stays with the model
        assertThat(Memory.liveTensors()).isEqualTo(before + 2);
    }
}
