package org.hone.spark.sampling;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.hone.data.curation.SourceRole.Axis;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.template.ExampleEncoder;
import org.hone.model.llama.PackedBatch;
import org.hone.model.llama.RewardModel;
import org.hone.model.tensor.Memory;
import org.hone.spark.executor.Executors;
import org.hone.spark.session.ProgressAccumulator;
import org.hone.spark.session.TaskProgress;
import org.hone.spark.table.Columns;
import org.hone.spark.tokenise.Encoding;
import org.jspecify.annotations.Nullable;

/**
 * Candidates → candidates with the rewards of every model, by text, so that policy and reward model may have different
 * tokenizers. The responses of one prompt are one batch, whatever else the partition holds.
 *
 * @param models the reward models, at most one an axis
 * @param progress counts candidates
 */
public record ScoreTask(List<RewardModelRef> models, ProgressAccumulator progress)
        implements MapPartitionsFunction<Row, Row>, Serializable {
    /** Activations of so many tokens fit into any executor that the model fits into. */
    private static final int TOKENS_AT_ONCE = 8_192;

    /** The rows must come sorted by prompt, as {@link Fanout} lays them. */
    @Override
    public Iterator<Row> call(Iterator<Row> candidates) {
        Map<Encoding, ExampleEncoder> encoders = new HashMap<>();
        Map<Axis, Judge> judges = new EnumMap<>(Axis.class);
        for (RewardModelRef model : models) {
            Encoding encoding = model.encoding();
            judges.put(
                    model.axis(),
                    new Judge(
                            encoders.computeIfAbsent(encoding, Encoding::encoder),
                            Executors.rewardModel(
                                    model.folder(), encoding.hadoop().value())));
        }
        List<Row> scored = new ArrayList<>();
        List<Row> unit = new ArrayList<>();
        while (candidates.hasNext()) {
            Row candidate = candidates.next();
            if (!unit.isEmpty() && !promptId(unit.get(0)).equals(promptId(candidate))) {
                score(unit, judges, scored);
            }
            unit.add(candidate);
        }
        score(unit, judges, scored);
        return scored.iterator();
    }

    /** A reward model and how it reads dialogues. */
    private record Judge(ExampleEncoder encoder, RewardModel model) {}

    private static List<int[]> ids(ExampleEncoder encoder, List<Row> unit) {
        List<int[]> ids = new ArrayList<>();
        for (Row candidate : unit) {
            Dialogue prompt = Columns.dialogue(candidate, "prompt");
            ids.add(encoder.encode(prompt, candidate.getAs("text")).ids());
        }
        return ids;
    }

    private void score(List<Row> unit, Map<Axis, Judge> judges, List<Row> scored) {
        if (unit.isEmpty()) {
            return;
        }
        // models of one tokenizer and template read the same ids
        Map<ExampleEncoder, List<int[]>> read = new HashMap<>();
        Map<Axis, float[]> rewards = new EnumMap<>(Axis.class);
        judges.forEach((axis, judge) -> {
            List<int[]> ids = read.computeIfAbsent(judge.encoder(), encoder -> ids(encoder, unit));
            rewards.put(axis, rewards(judge.model(), ids));
        });
        for (int k = 0; k < unit.size(); k++) {
            scored.add(extended(unit.get(k), rewards, k));
        }
        progress.add(new TaskProgress(scored.size(), ""));
        unit.clear();
    }

    /** The candidate with model and reward of either axis, and the one that counts. */
    private Row extended(Row candidate, Map<Axis, float[]> rewards, int k) {
        float[] safety = rewards.get(Axis.SAFETY);
        Axis counts = CombinedReward.axis(
                rewards.containsKey(Axis.HELPFULNESS),
                safety == null ? null : (double) safety[k],
                candidate.getAs("is_safety"));
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < candidate.length(); i++) {
            values.add(candidate.get(i));
        }
        double reward = Double.NaN;
        for (Axis axis : Axis.values()) {
            RewardModelRef model = model(axis);
            Double stored = model == null ? null : model.stored(Objects.requireNonNull(rewards.get(axis))[k]);
            values.add(model == null ? null : model.hash());
            values.add(stored);
            if (axis == counts && stored != null) {
                reward = stored;
            }
        }
        values.add(reward);
        return RowFactory.create(values.toArray());
    }

    private @Nullable RewardModelRef model(Axis axis) {
        return models.stream().filter(model -> model.axis() == axis).findFirst().orElse(null);
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
}
