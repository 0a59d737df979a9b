package org.hone.model.training;

import org.hone.model.llama.ForwardPass;
import org.hone.model.llama.PackedBatch;
import org.hone.model.llama.RewardModel;
import org.hone.model.loss.RankingLoss;
import org.hone.model.tensor.InPlace;
import org.hone.model.tensor.Indexing;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;

/** Learning which response is better (recipe section 6): the chosen one's reward above the other's by a margin. */
public final class RankingObjective {
    private RankingObjective() {}

    /**
     * Adds the gradients of some pairs to those of the model's weights.
     *
     * @param model the reward model
     * @param batch 2 B sequences: of every pair the chosen one, then the rejected one, sharing their prompt
     * @param margins m(r) of each pair's rating, at least 0, (B)
     * @param scale what the gradients are multiplied by: one over the pairs of the global batch
     * @param recompute whether blocks are computed again on the way back instead of being remembered
     * @return the sums
     * @throws IllegalArgumentException if the sequences are not twice the margins
     */
    public static MicroBatchSums backward(
            RewardModel model, PackedBatch batch, float[] margins, double scale, boolean recompute) {
        int pairs = margins.length;
        if (batch.segments().size() != 2 * pairs) {
            throw new IllegalArgumentException(
                    batch.segments().size() + " sequences do not belong to " + pairs + " pairs");
        }
        return Memory.tidy(() -> {
            ForwardPass pass = model.forward(batch, recompute);
            Tensor hidden = pass.hidden();
            Tensor last = batch.lastTokens(hidden.device());
            Tensor read = Indexing.indexSelect(hidden, 0, last).requiresGradient(true);
            Tensor rewards = model.score(read).view(pairs, 2);
            Tensor chosen = rewards.select(1, 0);
            Tensor rejected = rewards.select(1, 1);
            Tensor loss = RankingLoss.sum(chosen, rejected, margins);
            loss.mul(scale).backward();
            Tensor gradient = Tensors.zerosLike(hidden);
            InPlace.addRows(gradient, last, read.gradient());
            pass.backward(gradient);
            return new MicroBatchSums(loss.item(), rankedRight(chosen.toFloats(), rejected.toFloats()));
        });
    }

    /**
     * The loss alone, of pairs that are not trained on.
     *
     * @param model the reward model
     * @param batch 2 B sequences: of every pair the chosen one, then the rejected one, sharing their prompt
     * @param margins m(r) of each pair's rating, at least 0, (B)
     * @return the sums
     */
    public static MicroBatchSums evaluate(RewardModel model, PackedBatch batch, float[] margins) {
        return Memory.withoutGradients(() -> Memory.tidy(() -> {
            Tensor rewards = model.rewards(batch).view(margins.length, 2);
            Tensor chosen = rewards.select(1, 0);
            Tensor rejected = rewards.select(1, 1);
            double loss = RankingLoss.sum(chosen, rejected, margins).item();
            return new MicroBatchSums(loss, rankedRight(chosen.toFloats(), rejected.toFloats()));
        }));
    }

    private static double rankedRight(float[] chosen, float[] rejected) {
        double right = 0;
        for (int b = 0; b < chosen.length; b++) {
            right += chosen[b] > rejected[b] ? 1 : chosen[b] == rejected[b] ? 0.5 : 0;
        }
        return right;
    }
}
