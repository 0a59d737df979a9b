package org.hone.model.llama;

import java.util.Arrays;
import java.util.List;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;

/**
 * Rows of token ids, padded on the right to one length: (B, T).
 *
 * <p>Attention is causal, so no token sees the padding after it; what is computed at padding is never read. Lengths say
 * where padding begins, not the padding's id, which may be any.
 *
 * @param rows B
 * @param length T, the longest row
 * @param ids B · T token ids, row after row
 * @param lengths tokens of every row, padding not counted
 */
@SuppressWarnings("ArrayRecordComponent") // hot path: flat primitive arrays, which nobody changes
public record TokenBatch(int rows, int length, int[] ids, int[] lengths) {
    /**
     * Checks that the parts fit together.
     *
     * @param rows at least 1
     * @param length at least 1
     * @param ids B · T of them
     * @param lengths B of them, from 1 to T
     */
    public TokenBatch {
        if (rows < 1 || length < 1 || ids.length != (long) rows * length || lengths.length != rows) {
            throw new IllegalArgumentException("a batch of " + rows + " rows of " + length + " tokens cannot have "
                    + ids.length + " ids and " + lengths.length + " lengths");
        }
        for (int row = 0; row < rows; row++) {
            if (lengths[row] < 1 || lengths[row] > length) {
                throw new IllegalArgumentException(
                        "row " + row + ": " + lengths[row] + " tokens; between 1 and " + length + " are allowed");
            }
        }
    }

    /**
     * Pads rows to the longest.
     *
     * @param rows at least one, none of them empty
     * @param padding the id to fill with; any id of the vocabulary
     * @return the batch
     */
    public static TokenBatch of(List<int[]> rows, int padding) {
        int length = rows.stream().mapToInt(row -> row.length).max().orElse(0);
        int[] ids = new int[rows.size() * length];
        Arrays.fill(ids, padding);
        int[] lengths = new int[rows.size()];
        for (int i = 0; i < lengths.length; i++) {
            int[] row = rows.get(i);
            lengths[i] = row.length;
            System.arraycopy(row, 0, ids, i * length, row.length);
        }
        return new TokenBatch(lengths.length, length, ids, lengths);
    }

    /** The ids as a tensor (B, T), checked against the vocabulary. */
    Tensor toTensor(int vocabularySize, Device device) {
        int strange = Vocabulary.firstOutside(ids, vocabularySize);
        if (strange >= 0) {
            throw Vocabulary.outside(
                    "row " + strange / length + ", token " + strange % length, ids[strange], vocabularySize);
        }
        return Tensors.of(ids, rows, length).to(device);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenBatch batch
                && length == batch.length
                && Arrays.equals(ids, batch.ids)
                && Arrays.equals(lengths, batch.lengths);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(ids) + Arrays.hashCode(lengths);
    }

    @Override
    public String toString() {
        return "TokenBatch[rows=" + rows + ", length=" + length + "]";
    }
}
