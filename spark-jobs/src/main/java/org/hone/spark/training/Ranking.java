package org.hone.spark.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.llama.RewardModel;
import org.hone.model.llama.TokenBatch;
import org.hone.model.loss.RankingLoss;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Tensor;
import org.hone.spark.shard.TokenRow;
import org.hone.spark.table.Columns;

/** The reward model: chosen above rejected by a margin (recipe section 6). */
final class Ranking implements Trainee {
    private static final int PROMPT = 0;
    private static final int CHOSEN = 1;
    private static final int REJECTED = 2;

    private final RewardModel model;

    Ranking(RewardModel model) {
        this.model = model;
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
        return 2 * row.tokens(PROMPT).length + row.tokens(CHOSEN).length + row.tokens(REJECTED).length;
    }

    @Override
    public Sums loss(List<TokenRow> rows) {
        int pairs = rows.size();
        List<int[]> ids = new ArrayList<>(2 * pairs);
        rows.forEach(row -> ids.add(Columns.joined(row.tokens(PROMPT), row.tokens(CHOSEN))));
        rows.forEach(row -> ids.add(Columns.joined(row.tokens(PROMPT), row.tokens(REJECTED))));
        float[] margins = new float[pairs];
        for (int b = 0; b < pairs; b++) {
            margins[b] = rows.get(b).margin();
        }
        Tensor rewards = model.rewards(TokenBatch.of(ids, 0));
        Tensor chosen = rewards.narrow(0, 0, pairs);
        Tensor rejected = rewards.narrow(0, pairs, pairs);
        return new Sums(
                RankingLoss.sum(chosen, rejected, margins), rankedRight(chosen.toFloats(), rejected.toFloats()));
    }

    private static double rankedRight(float[] chosen, float[] rejected) {
        double right = 0;
        for (int b = 0; b < chosen.length; b++) {
            right += chosen[b] > rejected[b] ? 1 : chosen[b] == rejected[b] ? 0.5 : 0;
        }
        return right;
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
