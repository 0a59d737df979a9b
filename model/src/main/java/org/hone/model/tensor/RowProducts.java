package org.hone.model.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Products in which no bit of a row depends on where among the rows it lies, as it must not where sequences of many prompts go
 * through a model together.
 *
 * <p>Some kernels of OpenBLAS, those for processors with AVX2 and without AVX-512, add up the first and the last columns of what they
 * are given in another order than those between. Whether the machine's kernels do is found out by trying. If they do, the rows go
 * {@value #TILE} at a time, along the side on which a kernel is vectorised: then the same instructions are run for all of them.
 */
public final class RowProducts {
    /** Rows that any kernel treats alike. */
    public static final int TILE = 16;

    /** As many numbers of a weight as a processor's own cache holds: every tile goes over them before the next are read. */
    private static final long BLOCK_NUMBERS = 1 << 18;

    /** The fused kernel's own tile for few queries. */
    private static final int FUSED_TILE = 32;

    private static final Map<DataType, Boolean> ALIKE = new ConcurrentHashMap<>();
    private static final int TRIED_ROWS = 4 * TILE;
    private static final int[][] TRIED_WEIGHTS = {{48, 48}, {300, 64}, {512, 192}};

    private RowProducts() {}

    private static boolean treatsRowsAlike(Tensor x) {
        // nothing here would help another device
        return x.device().kind() != Device.Kind.CPU || treatsRowsAlike(x.dataType());
    }

    /** Whether a product with any number of rows treats all alike. */
    private static boolean treatsRowsAlike(DataType dataType) {
        return ALIKE.computeIfAbsent(
                dataType,
                type -> Memory.withoutGradients(() -> Memory.tidy(() ->
                        Arrays.stream(TRIED_WEIGHTS).allMatch(shape -> equalRowsStayEqual(shape[0], shape[1], type)))));
    }

    private static boolean equalRowsStayEqual(int out, int in, DataType dataType) {
        Tensor row = numbers(in).to(dataType);
        Tensor weight = numbers(out * in).view(out, in).to(dataType);
        Tensor product = Layers.linear(row.unsqueeze(0).expand(TRIED_ROWS, in).contiguous(), weight);
        float[] all = product.to(DataType.FLOAT32).toFloats();
        return IntStream.range(0, TRIED_ROWS).allMatch(i -> Arrays.equals(all, 0, out, all, i * out, (i + 1) * out));
    }

    /** Some numbers whose sums need rounding. */
    private static Tensor numbers(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) Math.sin(1 + 7.3 * i);
        }
        return Tensors.of(values, count);
    }

    /**
     * Multiplies by a weight matrix, as {@link Layers#linear}.
     *
     * @param x (rows, in), rows a multiple of {@value #TILE}, or few on a machine whose kernels treat all alike
     * @param weight (out, in)
     * @return x · weightᵀ, (rows, out)
     */
    public static Tensor linear(Tensor x, Tensor weight) {
        return x.size(0) % TILE != 0 || treatsRowsAlike(x) ? Layers.linear(x, weight) : inTiles(x, weight);
    }

    static Tensor inTiles(Tensor x, Tensor weight) {
        long out = weight.size(0);
        long block = Math.max(1, BLOCK_NUMBERS / weight.size(1));
        Tensor columns = x.view(x.size(0) / TILE, TILE, x.size(1)).transpose(1, 2);
        List<Tensor> blocks = LongStream.iterate(0, first -> first < out, first -> first + block)
                .mapToObj(first -> blockInTiles(weight.narrow(0, first, Math.min(block, out - first)), columns))
                .toList();
        Tensor product = blocks.size() == 1 ? blocks.get(0) : Indexing.concatenate(blocks, 2);
        // a reshape of one tile would be a view, and the fused attention takes it for granted that a row lies in one
        // piece
        return product.contiguous().view(x.size(0), out);
    }

    /** (block, in) · (tiles, in, tile) → (tiles, tile, block). */
    private static Tensor blockInTiles(Tensor weights, Tensor columns) {
        long tiles = columns.size(0);
        return Layers.batchMatmul(weights.unsqueeze(0).expand(tiles, weights.size(0), weights.size(1)), columns)
                .transpose(1, 2);
    }

    /**
     * Attends to all keys of a part, as {@link PartialAttention#of}. Not for training.
     *
     * @param query (heads, T, D)
     * @param key (heads, S, D)
     * @param value (heads, S, D)
     * @return the part, (heads, T, D) and (heads, T)
     */
    public static PartialAttention attention(Tensor query, Tensor key, Tensor value) {
        boolean alike = treatsRowsAlike(query)
                && (query.device().kind() != Device.Kind.CPU || treatsRowsAlike(DataType.FLOAT32));
        return alike ? fused(query, key, value) : attentionInTiles(query, key, value);
    }

    /** (heads, T, D) → (heads, tiles · tile, D), filled up with zeros. */
    private static Tensor filledUp(Tensor query, long tile) {
        long missing = (tile - query.size(1) % tile) % tile;
        return missing == 0
                ? query
                : Indexing.concatenate(
                        List.of(
                                query,
                                Tensors.zeros(query.dataType(), query.device(), query.size(0), missing, query.size(2))),
                        1);
    }

    private static PartialAttention fused(Tensor query, Tensor key, Tensor value) {
        long heads = query.size(0);
        Tensor filled = filledUp(query, FUSED_TILE);
        long tiles = filled.size(1) / FUSED_TILE;
        PartialAttention tiled = PartialAttention.of(
                filled.view(heads, tiles, FUSED_TILE, query.size(2)).transpose(0, 1),
                key.unsqueeze(0).expand(tiles, heads, key.size(1), key.size(2)),
                value.unsqueeze(0).expand(tiles, heads, value.size(1), value.size(2)));
        return new PartialAttention(
                tiled.values()
                        .transpose(0, 1)
                        .reshape(heads, filled.size(1), query.size(2))
                        .narrow(1, 0, query.size(1)),
                tiled.logSumExp().transpose(0, 1).reshape(heads, filled.size(1)).narrow(1, 0, query.size(1)));
    }

    static PartialAttention attentionInTiles(Tensor query, Tensor key, Tensor value) {
        Tensor filled = filledUp(query, TILE).to(DataType.FLOAT32);
        Tensor keys = key.to(DataType.FLOAT32);
        Tensor valueColumns = value.to(DataType.FLOAT32).transpose(1, 2);
        List<PartialAttention> tiles = LongStream.range(0, filled.size(1) / TILE)
                .mapToObj(tile -> tile(filled.narrow(1, tile * TILE, TILE), keys, valueColumns))
                .toList();
        return new PartialAttention(
                joined(tiles.stream().map(PartialAttention::values).toList())
                        .narrow(1, 0, query.size(1))
                        .to(query.dataType()),
                joined(tiles.stream().map(PartialAttention::logSumExp).toList()).narrow(1, 0, query.size(1)));
    }

    private static Tensor joined(List<Tensor> tiles) {
        return tiles.size() == 1 ? tiles.get(0) : Indexing.concatenate(tiles, 1);
    }

    /** Queries are the last dimension of both products: the side along which a kernel is vectorised. */
    private static PartialAttention tile(Tensor query, Tensor key, Tensor valueColumns) {
        double scale = 1 / Math.sqrt((double) query.size(2));
        Tensor scores = Layers.batchMatmul(key, query.mul(scale).transpose(1, 2))
                .transpose(1, 2)
                .contiguous();
        Tensor mixed =
                Layers.batchMatmul(valueColumns, Reductions.softmax(scores, -1).transpose(1, 2));
        return new PartialAttention(mixed.transpose(1, 2), Reductions.logSumExp(scores, -1));
    }
}
