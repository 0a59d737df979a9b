package org.hone.model.sampling;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.hone.model.llama.Llama;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Elementwise;
import org.hone.model.tensor.InPlace;
import org.hone.model.tensor.Indexing;
import org.hone.model.tensor.RawBytes;
import org.hone.model.tensor.Reductions;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;

/** Logits → one token more of each response. For one thread. */
final class NextTokens {
    /** 1 / temperature stays a number, and 0 · it is 0. */
    private static final double HOTTEST_INVERSE = 1e30;

    private final int eosId;
    private final StopRule stop;
    private final int vocabulary;
    private final Candidates candidates;

    /** Room for as many rows as there were in a step: megabytes, too many to be allocated anew in each. */
    private float[] probabilities = {};

    NextTokens(Llama policy, int eosId, StopRule stop) {
        this.eosId = eosId;
        this.stop = stop;
        this.vocabulary = policy.config().vocabularySize();
        this.candidates = new Candidates(vocabulary);
    }

    /**
     * Draws a token for each response.
     *
     * @param logits a row a response, (n, V)
     * @param prompts the prompt of each response
     * @param responses n of them, unfinished
     * @throws IllegalStateException if logits are not numbers
     */
    void draw(Tensor logits, List<int[]> prompts, List<Response> responses) {
        Tensor raw = logits.to(DataType.FLOAT32);
        float[] sums = Reductions.logSumExp(raw, -1).toFloats();
        for (float sum : sums) {
            if (!Float.isFinite(sum)) {
                throw new IllegalStateException(
                        "the policy's logits are not numbers, so no token can be drawn from them;"
                                + " the policy diverged in training, or its weights are damaged");
            }
        }
        int[] ids = choose(penalised(raw, prompts, responses), responses);
        float[] chosen = Indexing.gather(raw, 1, Tensors.of(ids, ids.length, 1).to(raw.device()))
                .toFloats();
        for (int row = 0; row < ids.length; row++) {
            responses.get(row).add(ids[row], chosen[row] - sums[row], eosId, stop);
        }
    }

    private int[] choose(Tensor logits, List<Response> responses) {
        int[] ids = new int[responses.size()];
        if (responses.stream().anyMatch(response -> response.settings().temperature() == 0)) {
            long[] best = Reductions.argmax(logits, -1).toLongs();
            Arrays.setAll(ids, row -> (int) best[row]);
        }
        if (responses.stream().allMatch(response -> response.settings().temperature() == 0)) {
            return ids;
        }
        if (probabilities.length < ids.length * vocabulary) {
            probabilities = new float[ids.length * vocabulary];
        }
        RawBytes.toFloats(probabilities(logits, responses), probabilities);
        for (int row = 0; row < ids.length; row++) {
            Response response = responses.get(row);
            if (response.settings().temperature() > 0) {
                ids[row] =
                        candidates.of(probabilities, row, response.settings()).draw(response.uniform());
            }
        }
        return ids;
    }

    /** A row is what it would be alone: a softmax takes the largest number off itself, before anything else. */
    private static Tensor probabilities(Tensor logits, List<Response> responses) {
        if (responses.stream().allMatch(response -> response.settings().temperature() == 1)) {
            return Reductions.softmax(logits, -1);
        }
        float[] inverse = new float[responses.size()];
        for (int row = 0; row < inverse.length; row++) {
            inverse[row] = (float)
                    Math.min(HOTTEST_INVERSE, 1 / responses.get(row).settings().temperature());
        }
        Tensor largest = Reductions.max(logits, -1).values().unsqueeze(-1);
        Tensor scaled =
                logits.sub(largest).mul(Tensors.of(inverse, inverse.length, 1).to(logits.device()));
        return Reductions.softmax(scaled, -1);
    }

    /** As {@code RepetitionPenaltyLogitsProcessor} of transformers. */
    private Tensor penalised(Tensor logits, List<int[]> prompts, List<Response> responses) {
        if (responses.stream().allMatch(response -> response.settings().repetitionPenalty() == 1)) {
            return logits;
        }
        Tensor changed = logits.copy();
        for (int row = 0; row < responses.size(); row++) {
            double penalty = responses.get(row).settings().repetitionPenalty();
            if (penalty != 1) {
                Tensor own = changed.select(0, row);
                Tensor seen = Tensors.of(
                                seen(prompts.get(row), responses.get(row).ids()))
                        .to(logits.device());
                Tensor before = Indexing.indexSelect(own, 0, seen);
                InPlace.setRows(
                        own,
                        seen,
                        Elementwise.where(
                                Elementwise.less(before, 0),
                                before.mul(penalty),
                                before.div(Tensors.scalar(penalty).to(before.device()))));
            }
        }
        return changed;
    }

    private static int[] seen(int[] prompt, int[] response) {
        return IntStream.concat(Arrays.stream(prompt), Arrays.stream(response))
                .distinct()
                .toArray();
    }
}
