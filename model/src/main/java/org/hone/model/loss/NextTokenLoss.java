package org.hone.model.loss;

import org.hone.model.llama.Llama;
import org.hone.model.llama.TokenBatch;
import org.hone.model.tensor.Elementwise;
import org.hone.model.tensor.Indexing;
import org.hone.model.tensor.Layers;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;

/**
 * The loss of pretraining and supervised fine-tuning (recipe sections 3 and 4): L = Σ_t m_t · −ln π(y_t | y_&lt;t) in nats,
 * with m_t = 1 for trained tokens and 0 for prompts and padding.
 */
public final class NextTokenLoss {
    /** cross_entropy_loss wants a target to ignore; no id is negative. */
    private static final long NO_TARGET = -100;

    private NextTokenLoss() {}

    /**
     * Adds up the loss of a batch. Logits are computed only where a token is trained: the product with the vocabulary is
     * most of the work of a small model.
     *
     * @param model the language model
     * @param batch (B, T)
     * @param trained for each of the B · T tokens whether it is trained; never a row's first token, which nothing predicts,
     *     and never padding
     * @return the sum, a scalar; divide it by the global number of trained tokens
     * @throws IllegalArgumentException if the mask does not fit the batch
     */
    public static Tensor sum(Llama model, TokenBatch batch, boolean[] trained) {
        int count = count(batch, trained);
        int[] positions = new int[count];
        int[] targets = new int[count];
        int next = 0;
        for (int i = 0; i < trained.length; i++) {
            if (trained[i]) {
                positions[next] = i - 1;
                targets[next++] = batch.ids()[i];
            }
        }
        Tensor hidden = model.hidden(batch);
        Tensor predicting = Indexing.indexSelect(
                hidden.reshape(-1, model.config().hiddenSize()),
                0,
                Tensors.of(positions).to(hidden.device()));
        Tensor logits = model.logits(predicting);
        Tensor precise = Elementwise.atLeastSingle(logits);
        return Layers.crossEntropySum(precise, Tensors.of(targets).to(hidden.device()), NO_TARGET);
    }

    /**
     * Counts the trained tokens of a batch.
     *
     * @param batch (B, T)
     * @param trained as in {@link #sum}
     * @return how many
     * @throws IllegalArgumentException if the mask does not fit the batch
     */
    public static int count(TokenBatch batch, boolean[] trained) {
        if (trained.length != batch.ids().length) {
            throw new IllegalArgumentException(
                    "a mask of " + trained.length + " for a batch of " + batch.ids().length + " tokens");
        }
        int count = 0;
        for (int i = 0; i < trained.length; i++) {
            if (trained[i]) {
                int row = i / batch.length();
                int token = i % batch.length();
                if (token == 0 || token >= batch.lengths()[row]) {
                    throw new IllegalArgumentException("row " + row + ", token " + token
                            + (token == 0 ? ": the first token has nothing before it to predict it" : ": padding")
                            + "; it cannot be trained");
                }
                count++;
            }
        }
        return count;
    }
}
