package org.hone.spark.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.checkpoint.SaveOptions;
import org.hone.model.llama.PackedBatch;
import org.hone.model.llama.RewardModel;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.hone.model.training.MicroBatchSums;
import org.hone.model.training.RankingObjective;
import org.hone.model.training.RankingTargets;
import org.hone.model.training.RankingWeights;
import org.hone.spark.recipe.RankingRecipe;
import org.hone.spark.shard.TokenRow;
import org.hone.spark.table.Columns;

/**
 * The reward model: chosen above rejected by a margin (recipe section 6). What both responses of a pair begin with, their
 * prompt at least, goes through the model once.
 */
final class Ranking implements Trainee {
    private static final int PROMPT = 0;
    private static final int CHOSEN = 1;
    private static final int REJECTED = 2;

    private final RewardModel model;
    private final RankingRecipe recipe;
    private final boolean recompute;

    Ranking(RewardModel model, RankingRecipe recipe, boolean recompute) {
        this.model = model;
        this.recipe = recipe;
        this.recompute = recompute;
    }

    @Override
    public Map<String, Tensor> parameters() {
        return model.parameters();
    }

    @Override
    public long weight(TokenRow row) {
        return 1;
    }

    @Override
    public int labels(TokenRow row) {
        return (row.chosenSafe() == null ? 0 : 1) + (row.rejectedSafe() == null ? 0 : 1);
    }

    @Override
    public int length(TokenRow row) {
        List<int[]> pair = pair(row);
        int shared = model.config().canSharePrefixes(longest(pair)) ? PackedBatch.sharedLength(pair) : 0;
        return pair.get(0).length + pair.get(1).length - shared;
    }

    @Override
    public MicroBatchSums backward(List<TokenRow> rows, GlobalBatch.Counts counts) {
        // the mean over pairs, and beside it the mean over the labelled responses
        double safety = counts.labels() == 0 ? 0 : recipe.safetyLoss() * counts.weight() / counts.labels();
        return RankingObjective.backward(
                model,
                packed(rows),
                targets(rows),
                new RankingWeights(recipe.centering(), safety, recipe.prefixRanking()),
                1.0 / counts.weight(),
                recompute);
    }

    @Override
    public MicroBatchSums evaluate(List<TokenRow> rows) {
        return RankingObjective.evaluate(model, packed(rows), targets(rows).margins());
    }

    @Override
    public float[] rewards(List<TokenRow> rows) {
        return Memory.withoutGradients(
                () -> Memory.tidy(() -> model.rewards(packed(rows)).toFloats()));
    }

    private PackedBatch packed(List<TokenRow> rows) {
        List<List<int[]>> pairs = rows.stream().map(Ranking::pair).toList();
        List<int[]> sequences = pairs.stream().flatMap(List::stream).toList();
        return model.config().canSharePrefixes(longest(sequences))
                ? PackedBatch.ofGroups(pairs)
                : PackedBatch.of(sequences);
    }

    private static RankingTargets targets(List<TokenRow> rows) {
        float[] margins = new float[rows.size()];
        boolean[] labelled = new boolean[2 * margins.length];
        boolean[] safe = new boolean[labelled.length];
        for (int b = 0; b < margins.length; b++) {
            TokenRow row = rows.get(b);
            margins[b] = row.margin();
            labelled[2 * b] = row.chosenSafe() != null;
            labelled[2 * b + 1] = row.rejectedSafe() != null;
            safe[2 * b] = Boolean.TRUE.equals(row.chosenSafe());
            safe[2 * b + 1] = Boolean.TRUE.equals(row.rejectedSafe());
        }
        return new RankingTargets(margins, labelled, safe);
    }

    private static List<int[]> pair(TokenRow row) {
        return List.of(
                Columns.joined(row.tokens(PROMPT), row.tokens(CHOSEN)),
                Columns.joined(row.tokens(PROMPT), row.tokens(REJECTED)));
    }

    private static int longest(List<int[]> sequences) {
        return sequences.stream().mapToInt(sequence -> sequence.length).max().orElse(0);
    }

    @Override
    public void save(Path folder, SaveOptions options) throws IOException {
        HuggingFaceFolder.saveRewardModel(model, folder, options);
    }

    @Override
    public void close() {
        model.close();
    }
}
