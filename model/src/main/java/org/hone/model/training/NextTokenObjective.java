package org.hone.model.training;

import java.util.Arrays;
import org.hone.model.llama.ForwardPass;
import org.hone.model.llama.Llama;
import org.hone.model.llama.PackedBatch;
import org.hone.model.loss.LinearCrossEntropy;
import org.hone.model.tensor.InPlace;
import org.hone.model.tensor.Indexing;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;

/**
 * Pretraining and supervised fine-tuning (recipe sections 3 and 4): L = Σ_t m_t · −ln π(y_t | y_&lt;t) in nats, with m_t = 1
 * for trained tokens and 0 for prompts.
 */
public final class NextTokenObjective {
    private NextTokenObjective() {}

    /**
     * Adds the gradients of a microbatch to those of the model's weights. Logits are computed only where a token is
     * trained: the product with the vocabulary is most of the work of a small model.
     *
     * @param model the language model
     * @param batch (N)
     * @param trained (N) whether each token is trained; never one that nothing comes before
     * @param scale what the gradients are multiplied by: one over the trained tokens of the global batch
     * @param recompute whether blocks are computed again on the way back instead of being remembered
     * @return the sums
     * @throws IllegalArgumentException if the mask does not fit the batch, or trains nothing
     */
    public static MicroBatchSums backward(
            Llama model, PackedBatch batch, boolean[] trained, double scale, boolean recompute) {
        int[][] pairs = predictions(batch, trained);
        return Memory.tidy(() -> {
            ForwardPass pass = model.forward(batch, recompute);
            Tensor hidden = pass.hidden();
            Tensor positions = Tensors.of(pairs[0]).to(hidden.device());
            LinearCrossEntropy.Result result = new LinearCrossEntropy(model.head(), model.compute())
                    .backward(Indexing.indexSelect(hidden, 0, positions), pairs[1], scale);
            Tensor gradient = Tensors.zerosLike(hidden);
            InPlace.addRows(gradient, positions, result.hiddenGradient());
            pass.backward(gradient);
            return new MicroBatchSums(result.loss(), 0);
        });
    }

    /**
     * The loss alone, of text that is not trained on.
     *
     * @param model the language model
     * @param batch (N)
     * @param counted (N) whether each token counts; never one that nothing comes before
     * @return the sums, to the bit those of {@link #backward}
     * @throws IllegalArgumentException if the mask does not fit the batch, or counts nothing
     */
    public static MicroBatchSums evaluate(Llama model, PackedBatch batch, boolean[] counted) {
        int[][] pairs = predictions(batch, counted);
        return Memory.withoutGradients(() -> Memory.tidy(() -> {
            Tensor hidden = model.forward(batch, false).hidden();
            Tensor positions = Tensors.of(pairs[0]).to(hidden.device());
            double loss = new LinearCrossEntropy(model.head(), model.compute())
                    .loss(Indexing.indexSelect(hidden, 0, positions), pairs[1]);
            return new MicroBatchSums(loss, 0);
        }));
    }

    /** For every trained token the place of the token before it, which predicts it, and its id. */
    private static int[][] predictions(PackedBatch batch, boolean[] trained) {
        if (trained.length != batch.tokens()) {
            throw new IllegalArgumentException(
                    "a mask of " + trained.length + " for a batch of " + batch.tokens() + " tokens");
        }
        int[] positions = new int[trained.length];
        int[] targets = new int[trained.length];
        int count = 0;
        for (PackedBatch.Segment segment : batch.segments()) {
            for (int token = segment.start(); token <= segment.last(); token++) {
                if (trained[token]) {
                    positions[count] = segment.before(token);
                    targets[count++] = batch.ids()[token];
                }
            }
        }
        if (count == 0) {
            throw new IllegalArgumentException("the mask of " + batch + " trains no token");
        }
        return new int[][] {Arrays.copyOf(positions, count), Arrays.copyOf(targets, count)};
    }
}
