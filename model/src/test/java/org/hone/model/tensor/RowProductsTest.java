package org.hone.model.tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hone.model.tensor.RandomTensors.assertClose;

/** The way that is taken on machines whose kernels do not treat all rows alike, on whatever machine this is. */
final class RowProductsTest {
    private static final double TOLERANCE = 2e-5;

    private static Tensor random(long seed, long... shape) {
        return RandomTensors.of(seed, DataType.FLOAT32, shape);
    }

    @ParameterizedTest
    @CsvSource({"16, 8, 8", "48, 97, 64", "64, 300, 48", "16, 700, 1000", "32, 700, 1000"})
    void tilesMultiplyAsTheWhole(int rows, int out, int in) {
        Memory.tidy(() -> {
            Tensor x = random(1, rows, in);
            Tensor weight = random(2, out, in);
            Tensor product = RowProducts.inTiles(x, weight);
            assertClose(product, Layers.linear(x, weight), TOLERANCE);
            assertThat(product.isContiguous()).isTrue();
        });
    }

    @ParameterizedTest
    @CsvSource({"1, 32, 1", "3, 64, 7", "2, 32, 130"})
    void tilesAttendAsTheWhole(int heads, int queries, int keys) {
        Memory.tidy(() -> {
            Tensor query = random(1, heads, queries, 8);
            Tensor key = random(2, heads, keys, 8);
            Tensor value = random(3, heads, keys, 8);
            PartialAttention tiled = RowProducts.attentionInTiles(query, key, value);
            PartialAttention whole = PartialAttention.of(query.unsqueeze(0), key.unsqueeze(0), value.unsqueeze(0));
            assertClose(tiled.values(), whole.values().squeeze(0), TOLERANCE);
            assertClose(tiled.logSumExp(), whole.logSumExp().squeeze(0), TOLERANCE);
        });
    }

    @ParameterizedTest
    @CsvSource({"FLOAT32", "BFLOAT16"})
    void aRowIsTheSameWhereverItLies(DataType dataType) {
        Memory.tidy(() -> {
            Tensor weight = random(2, 200, 40).to(dataType);
            Tensor row = random(1, 40).to(dataType);
            Tensor rows = row.unsqueeze(0).expand(64, 40).contiguous();
            for (Tensor product : new Tensor[] {
                RowProducts.inTiles(rows, weight), RowProducts.linear(rows, weight), inOneTile(row, weight)
            }) {
                float[] all = product.to(DataType.FLOAT32).toFloats();
                for (int i = 0; i < all.length; i++) {
                    assertThat(all[i]).as("row %d", i / 200).isEqualTo(all[i % 200]);
                }
            }
        });
    }

    private static Tensor inOneTile(Tensor row, Tensor weight) {
        return RowProducts.inTiles(row.unsqueeze(0).expand(16, 40).contiguous(), weight);
    }

    @Test
    void aQueryIsTheSameWhereverItLies() {
        Memory.tidy(() -> {
            Tensor key = random(2, 2, 45, 8);
            Tensor value = random(3, 2, 45, 8);
            Tensor query = random(1, 2, 1, 8).expand(2, 64, 8).contiguous();
            for (PartialAttention part : new PartialAttention[] {
                RowProducts.attentionInTiles(query, key, value), RowProducts.attention(query, key, value)
            }) {
                float[] first = part.values().narrow(1, 0, 1).reshape(-1).toFloats();
                for (int i = 1; i < 64; i++) {
                    assertThat(part.values().narrow(1, i, 1).reshape(-1).toFloats())
                            .isEqualTo(first);
                }
            }
        });
    }
}
