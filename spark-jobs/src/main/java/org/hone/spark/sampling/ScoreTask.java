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
import org.hone.model.llama.RewardModel;
import org.hone.spark.executor.Executors;
import org.hone.spark.session.ProgressAccumulator;
import org.hone.spark.session.TaskProgress;
import org.hone.spark.table.Columns;
import org.hone.spark.tokenise.Encoding;
import org.jspecify.annotations.Nullable;

/**
 * Candidates → candidates with the rewards of every model, by text, so that policy and reward model may have different
 * tokenizers. Prompts follow each other and go through the models by the dozen, so a task's prompts decide a reward's last bits.
 *
 * @param models the reward models, at most one an axis
 * @param progress counts candidates
 */
public record ScoreTask(List<RewardModelRef> models, ProgressAccumulator progress)
        implements MapPartitionsFunction<Row, Row>, Serializable {
    /** Tokens of responses after which the prompts so far are scored: what comes next shares nothing with them. */
    private static final int TOKENS_AT_ONCE = 4_096;

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
        List<List<Row>> prompts = new ArrayList<>();
        int tokens = 0;
        while (candidates.hasNext()) {
            Row candidate = candidates.next();
            if (prompts.isEmpty() || !promptId(last(prompts).get(0)).equals(promptId(candidate))) {
                if (tokens >= TOKENS_AT_ONCE) {
                    score(prompts, judges, scored);
                    prompts.clear();
                    tokens = 0;
                }
                prompts.add(new ArrayList<>());
            }
            last(prompts).add(candidate);
            tokens += Columns.tokens(candidate, "tokens").length;
        }
        score(prompts, judges, scored);
        return scored.iterator();
    }

    private static <T> T last(List<T> list) {
        return list.get(list.size() - 1);
    }

    /** A reward model and how it reads dialogues. */
    private record Judge(ExampleEncoder encoder, RewardModel model) {}

    private static List<int[]> ids(ExampleEncoder encoder, List<Row> candidates) {
        List<int[]> ids = new ArrayList<>();
        for (Row candidate : candidates) {
            Dialogue prompt = Columns.dialogue(candidate, "prompt");
            ids.add(encoder.encode(prompt, candidate.getAs("text")).ids());
        }
        return ids;
    }

    private void score(List<List<Row>> prompts, Map<Axis, Judge> judges, List<Row> scored) {
        // models of one tokenizer and template read the same ids
        Map<ExampleEncoder, List<List<int[]>>> read = new HashMap<>();
        Map<Axis, float[]> rewards = new EnumMap<>(Axis.class);
        judges.forEach((axis, judge) -> {
            List<List<int[]>> ids = read.computeIfAbsent(
                    judge.encoder(),
                    encoder -> prompts.stream().map(rows -> ids(encoder, rows)).toList());
            rewards.put(axis, PackedRewards.of(judge.model(), ids));
        });
        int k = 0;
        for (List<Row> candidates : prompts) {
            for (Row candidate : candidates) {
                scored.add(extended(candidate, rewards, k++));
            }
        }
        progress.add(new TaskProgress(scored.size(), ""));
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

    private static String promptId(Row candidate) {
        return candidate.getAs("prompt_id");
    }
}
