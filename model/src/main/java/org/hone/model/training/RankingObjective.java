package org.hone.model.training;

import org.hone.model.llama.ForwardPass;
import org.hone.model.llama.PackedBatch;
import org.hone.model.llama.RewardModel;
import org.hone.model.loss.PrefixRanking;
import org.hone.model.loss.RankingLoss;
import org.hone.model.loss.RewardCentering;
import org.hone.model.loss.SafetyLoss;
import org.hone.model.tensor.InPlace;
import org.hone.model.tensor.Indexing;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;

/**
 * Learning which response is better (recipe section 6): the chosen one's reward above the other's by a margin; and, where
 * asked for, which response is safe, that rewards lie around zero, and that what a response begins with is ranked like the whole.
 */
public final class RankingObjective {
    private RankingObjective() {}

    /**
     * Adds the gradients of some pairs to those of the model's weights.
     *
     * @param model the reward model
     * @param batch 2 B sequences: of every pair the chosen one, then the rejected one, sharing their prompt
     * @param targets margins and labels of the B pairs
     * @param weights what the parts of the loss count
     * @param scale what the gradients are multiplied by: one over the pairs of the global batch
     * @param recompute whether blocks are computed again on the way back instead of being remembered
     * @return the sums
     * @throws IllegalArgumentException if the sequences are not twice the pairs
     * @throws IllegalStateException if safety counts and the model has no head for it
     */
    public static MicroBatchSums backward(
            RewardModel model,
            PackedBatch batch,
            RankingTargets targets,
            RankingWeights weights,
            double scale,
            boolean recompute) {
        int pairs = targets.pairs();
        if (batch.segments().size() != 2 * pairs) {
            throw new IllegalArgumentException(
                    batch.segments().size() + " sequences do not belong to " + pairs + " pairs");
        }
        return Memory.tidy(() -> {
            ForwardPass pass = model.forward(batch, recompute);
            Tensor hidden = pass.hidden();
            ResponsePrefixes prefixes =
                    weights.prefixes() > 0 ? ResponsePrefixes.of(batch) : ResponsePrefixes.none(batch);
            Tensor tokens = Tensors.of(prefixes.tokens()).to(hidden.device());
            Tensor read = Indexing.indexSelect(hidden, 0, tokens).requiresGradient(true);
            Tensor scores = model.score(read);
            Tensor rewards = scores.narrow(0, 0, 2L * pairs).view(pairs, 2);
            Tensor chosen = rewards.select(1, 0);
            Tensor rejected = rewards.select(1, 1);
            Tensor loss = RankingLoss.sum(chosen, rejected, targets.margins());
            if (weights.centering() > 0) {
                loss = loss.add(RewardCentering.sum(chosen, rejected).mul(weights.centering()));
            }
            if (weights.safety() > 0) {
                loss = withSafety(loss, model, read, targets, weights.safety());
            }
            if (weights.prefixes() > 0) {
                Tensor sum = PrefixRanking.sum(scores, prefixes.chosen(), prefixes.rejected(), prefixes.weights());
                loss = loss.add(sum.mul(weights.prefixes()));
            }
            loss.mul(scale).backward();
            Tensor gradient = Tensors.zerosLike(hidden);
            InPlace.addRows(gradient, tokens, read.gradient());
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

    private static Tensor withSafety(
            Tensor loss, RewardModel model, Tensor read, RankingTargets targets, double weight) {
        int[] places = targets.places();
        if (places.length == 0) {
            return loss;
        }
        Tensor labelled = Indexing.indexSelect(read, 0, Tensors.of(places).to(read.device()));
        return loss.add(
                SafetyLoss.sum(model.safety(labelled), targets.safeAt(places)).mul(weight));
    }

    private static double rankedRight(float[] chosen, float[] rejected) {
        double right = 0;
        for (int b = 0; b < chosen.length; b++) {
            right += chosen[b] > rejected[b] ? 1 : chosen[b] == rejected[b] ? 0.5 : 0;
        }
        return right;
    }
}
