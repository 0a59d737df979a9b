package org.hone.spark.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.llama.PackedBatch;
import org.hone.model.llama.RewardModel;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Tensor;
import org.hone.model.training.MicroBatchSums;
import org.hone.model.training.RankingObjective;
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
    private final boolean recompute;

    Ranking(RewardModel model, boolean recompute) {
        this.model = model;
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
    public int length(TokenRow row) {
        List<int[]> pair = pair(row);
        int shared = model.config().canSharePrefixes(longest(pair)) ? PackedBatch.sharedLength(pair) : 0;
        return pair.get(0).length + pair.get(1).length - shared;
    }

    @Override
    public MicroBatchSums backward(List<TokenRow> rows, double scale) {
        return RankingObjective.backward(model, packed(rows), margins(rows), scale, recompute);
    }

    @Override
    public MicroBatchSums evaluate(List<TokenRow> rows) {
        return RankingObjective.evaluate(model, packed(rows), margins(rows));
    }

    private PackedBatch packed(List<TokenRow> rows) {
        List<List<int[]>> pairs = rows.stream().map(Ranking::pair).toList();
        List<int[]> sequences = pairs.stream().flatMap(List::stream).toList();
        return model.config().canSharePrefixes(longest(sequences))
                ? PackedBatch.ofGroups(pairs)
                : PackedBatch.of(sequences);
    }

    private static float[] margins(List<TokenRow> rows) {
        float[] margins = new float[rows.size()];
        for (int b = 0; b < margins.length; b++) {
            margins[b] = rows.get(b).margin();
        }
        return margins;
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
    public void save(Path folder) throws IOException {
        HuggingFaceFolder.saveRewardModel(model, folder, DataType.FLOAT32);
    }

    @Override
    public void close() {
        model.close();
    }
}
