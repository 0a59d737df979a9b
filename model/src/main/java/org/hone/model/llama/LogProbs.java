package org.hone.model.llama;

import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Indexing;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Reductions;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;

/** Log-probabilities of given tokens, ln π(y_t | y_&lt;t) in nats. */
public final class LogProbs {
    /** Positions whose logits are in memory at once: 512 · 32,000 · 4 bytes are 66 MB. */
    private static final int CHUNK = 512;

    private LogProbs() {}

    /**
     * Scores every token of every row by those before it.
     *
     * @param model the language model
     * @param batch (B, T)
     * @return for each row its length − 1 numbers: entry t − 1 is ln π(y_t | y_&lt;t), and the first token has none
     */
    public static float[][] of(Llama model, TokenBatch batch) {
        return Memory.withoutGradients(() -> Memory.tidy(() -> {
            Tensor hidden = model.hidden(batch);
            float[][] rows = new float[batch.rows()][];
            for (int row = 0; row < rows.length; row++) {
                int first = row;
                rows[row] = new float[batch.lengths()[row] - 1];
                for (int start = 0; start < rows[row].length; start += CHUNK) {
                    int from = start;
                    int count = Math.min(CHUNK, rows[row].length - start);
                    float[] part = Memory.tidy(() -> {
                        int[] targets = new int[count];
                        System.arraycopy(batch.ids(), first * batch.length() + from + 1, targets, 0, count);
                        return chosen(model.logits(hidden.select(0, first).narrow(0, from, count)), targets);
                    });
                    System.arraycopy(part, 0, rows[row], start, count);
                }
            }
            return rows;
        }));
    }

    private static float[] chosen(Tensor logits, int[] targets) {
        Tensor indices = Tensors.of(targets, targets.length, 1).to(logits.device());
        return Indexing.gather(Reductions.logSoftmax(logits.to(DataType.FLOAT32), -1), 1, indices)
                .toFloats();
    }
}
