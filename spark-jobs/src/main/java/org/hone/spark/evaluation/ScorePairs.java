package org.hone.spark.evaluation;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.hone.data.dialogue.Role;
import org.hone.data.preference.PreferencePair;
import org.hone.data.template.EncodedPair;
import org.hone.data.template.ExampleEncoder;
import org.hone.model.llama.PackedBatch;
import org.hone.model.llama.RewardModel;
import org.hone.model.tensor.Memory;
import org.hone.spark.executor.Executors;
import org.hone.spark.session.ProgressAccumulator;
import org.hone.spark.session.TaskProgress;
import org.hone.spark.table.PreferenceTable;
import org.hone.spark.tokenise.Encoding;
import org.hone.spark.tokenise.Rows;
import org.jspecify.annotations.Nullable;

/**
 * Comparisons, sorted by {@code unit} → {@link RewardTable}. Whole pairs are packed up to a budget of tokens, nothing is
 * padded, and the prompt of a pair is computed once. A batch holds pairs of one unit only, and a unit is never on two
 * partitions, so the partitions decide nothing, not even the last bits.
 *
 * @param encoding how the model reads dialogues; its tokenizer lies in the model's folder
 * @param batchTokens the most tokens of a batch; a pair that is longer is a batch by itself
 * @param progress counts comparisons
 */
record ScorePairs(Encoding encoding, int batchTokens, ProgressAccumulator progress)
        implements MapPartitionsFunction<Row, Row>, Serializable {
    /** Column that says which pairs may be packed together. */
    static final String UNIT = "unit";

    /** A comparison as the model reads it. */
    private record Encoded(int unit, PreferencePair pair, EncodedPair ids) {
        List<int[]> sequences() {
            return List.of(ids.chosen().ids(), ids.rejected().ids());
        }

        /** What the pair adds to a batch. */
        int tokens(boolean shared) {
            return ids.chosen().length()
                    + ids.rejected().length()
                    - (shared ? PackedBatch.sharedLength(sequences()) : 0);
        }
    }

    @Override
    public Iterator<Row> call(Iterator<Row> pairs) {
        RewardModel model =
                Executors.rewardModel(encoding.tokenizer(), encoding.hadoop().value());
        ExampleEncoder encoder = encoding.encoder();
        boolean shares = model.config().canSharePrefixes(encoding.maxLength());
        long[] done = new long[1];
        Iterator<Encoded> encoded = Rows.map(pairs, row -> encode(encoder, row));
        return Rows.flatMap(batches(encoded, shares), batch -> {
            List<Row> scored = score(model, batch, shares);
            done[0] += batch.size();
            progress.add(new TaskProgress(done[0], ""));
            return scored;
        });
    }

    private static Encoded encode(ExampleEncoder encoder, Row row) {
        try {
            PreferencePair pair = PreferenceTable.pair(row);
            return new Encoded(row.getAs(UNIT), pair, encoder.encode(pair));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("comparison " + row.getAs("id") + ": " + e.getMessage(), e);
        }
    }

    private Iterator<List<Encoded>> batches(Iterator<Encoded> pairs, boolean shares) {
        return new Iterator<>() {
            private @Nullable Encoded waiting = pairs.hasNext() ? pairs.next() : null;

            @Override
            public boolean hasNext() {
                return waiting != null;
            }

            @Override
            public List<Encoded> next() {
                Encoded first = waiting;
                if (first == null) {
                    throw new NoSuchElementException("the partition has no more comparisons");
                }
                List<Encoded> batch = new ArrayList<>(List.of(first));
                int tokens = first.tokens(shares);
                waiting = pairs.hasNext() ? pairs.next() : null;
                while (waiting != null
                        && waiting.unit == first.unit
                        && tokens + waiting.tokens(shares) <= batchTokens) {
                    tokens += waiting.tokens(shares);
                    batch.add(waiting);
                    waiting = pairs.hasNext() ? pairs.next() : null;
                }
                return batch;
            }
        };
    }

    private static List<Row> score(RewardModel model, List<Encoded> pairs, boolean shares) {
        List<List<int[]>> groups = pairs.stream().map(Encoded::sequences).toList();
        PackedBatch batch = shares
                ? PackedBatch.ofGroups(groups)
                : PackedBatch.of(groups.stream().flatMap(List::stream).toList());
        float[] rewards = Memory.withoutGradients(
                () -> Memory.tidy(() -> model.rewards(batch).toFloats()));
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i++) {
            rows.add(row(pairs.get(i), rewards[2 * i], rewards[2 * i + 1]));
        }
        return rows;
    }

    private static Row row(Encoded encoded, float chosenReward, float rejectedReward) {
        PreferencePair pair = encoded.pair;
        EncodedPair ids = encoded.ids;
        return RowFactory.create(
                pair.id(),
                name(pair.rating()),
                name(pair.safetyBin()),
                pair.source(),
                pair.week(),
                (int) pair.prompt().turns().stream()
                        .filter(turn -> turn.role() == Role.USER)
                        .count(),
                characters(pair.chosen()),
                characters(pair.rejected()),
                ids.chosen().response().length,
                ids.rejected().response().length,
                ids.chosen().droppedPromptTokens()
                        + ids.chosen().droppedResponseTokens()
                        + ids.rejected().droppedPromptTokens()
                        + ids.rejected().droppedResponseTokens(),
                (double) chosenReward,
                (double) rejectedReward);
    }

    private static @Nullable String name(@Nullable Enum<?> value) {
        return value == null ? null : value.name();
    }

    private static int characters(String text) {
        return text.codePointCount(0, text.length());
    }
}
