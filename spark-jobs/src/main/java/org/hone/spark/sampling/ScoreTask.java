package org.hone.spark.sampling;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.template.ExampleEncoder;
import org.hone.model.llama.PackedBatch;
import org.hone.model.llama.RewardModel;
import org.hone.model.tensor.Memory;
import org.hone.spark.executor.Executors;
import org.hone.spark.run.RewardScale;
import org.hone.spark.session.ProgressAccumulator;
import org.hone.spark.session.TaskProgress;
import org.hone.spark.table.Columns;
import org.hone.spark.tokenise.Encoding;
import org.jspecify.annotations.Nullable;

/**
 * Candidates → candidates with their rewards, by text, so that policy and reward model may have different
 * tokenizers. The responses of one prompt are one batch, whatever else the partition holds.
 *
 * @param rewardModel Hugging Face folder of the reward model, as a Hadoop path
 * @param rewardModelHash its content hash
 * @param scale what rewards are normalised by; null leaves them as they are
 * @param encoding the reward model's encoding
 * @param progress counts candidates
 */
public record ScoreTask(
        String rewardModel,
        String rewardModelHash,
        @Nullable RewardScale scale,
        Encoding encoding,
        ProgressAccumulator progress)
        implements MapPartitionsFunction<Row, Row>, Serializable {
    /** Activations of so many tokens fit into any executor that the model fits into. */
    private static final int TOKENS_AT_ONCE = 8_192;

    /** The rows must come sorted by prompt, as {@link Fanout} lays them. */
    @Override
    public Iterator<Row> call(Iterator<Row> candidates) {
        ExampleEncoder encoder = encoding.encoder();
        RewardModel model = Executors.rewardModel(rewardModel, encoding.hadoop().value());
        List<Row> scored = new ArrayList<>();
        List<Row> unit = new ArrayList<>();
        while (candidates.hasNext()) {
            Row candidate = candidates.next();
            if (!unit.isEmpty() && !promptId(unit.get(0)).equals(promptId(candidate))) {
                score(unit, encoder, model, scored);
            }
            unit.add(candidate);
        }
        score(unit, encoder, model, scored);
        return scored.iterator();
    }

    private void score(List<Row> unit, ExampleEncoder encoder, RewardModel model, List<Row> scored) {
        if (unit.isEmpty()) {
            return;
        }
        List<int[]> ids = new ArrayList<>();
        for (Row candidate : unit) {
            Dialogue prompt = Columns.dialogue(candidate, "prompt");
            ids.add(encoder.encode(prompt, candidate.getAs("text")).ids());
        }
        float[] rewards = rewards(model, ids);
        for (int k = 0; k < rewards.length; k++) {
            double reward = scale == null ? rewards[k] : scale.normalised(rewards[k]);
            scored.add(extended(unit.get(k), rewardModelHash, reward));
        }
        progress.add(new TaskProgress(scored.size(), ""));
        unit.clear();
    }

    /**
     * Rewards of rows that begin alike; what they share goes through the model once. A row's reward depends on the rows that it
     * is given with in its last bits, and on no others.
     *
     * @param model the reward model
     * @param rows token ids, one array a row
     * @return one reward a row, in logits
     */
    public static float[] rewards(RewardModel model, List<int[]> rows) {
        float[] rewards = new float[rows.size()];
        for (int start = 0; start < rewards.length; ) {
            int end = together(rows, start);
            List<int[]> part = rows.subList(start, end);
            int longest = part.stream().mapToInt(row -> row.length).max().orElse(0);
            PackedBatch batch = model.config().canSharePrefixes(longest)
                    ? PackedBatch.ofGroups(List.of(part))
                    : PackedBatch.of(part);
            float[] found = Memory.withoutGradients(
                    () -> Memory.tidy(() -> model.rewards(batch).toFloats()));
            System.arraycopy(found, 0, rewards, start, found.length);
            start = end;
        }
        return rewards;
    }

    /** Where the rows end that fit into one batch, however little they share. */
    private static int together(List<int[]> rows, int start) {
        int end = start;
        int tokens = 0;
        while (end < rows.size() && (end == start || tokens + rows.get(end).length <= TOKENS_AT_ONCE)) {
            tokens += rows.get(end++).length;
        }
        return end;
    }

    private static String promptId(Row candidate) {
        return candidate.getAs("prompt_id");
    }

    private static Row extended(Row row, Object... more) {
        Object[] values = new Object[row.length() + more.length];
        for (int i = 0; i < row.length(); i++) {
            values[i] = row.get(i);
        }
        System.arraycopy(more, 0, values, row.length(), more.length);
        return RowFactory.create(values);
    }
}
