package org.hone.spark.sampling;

import java.util.ArrayList;
import java.util.List;
import org.hone.model.llama.PackedBatch;
import org.hone.model.llama.RewardModel;
import org.hone.model.tensor.Memory;

/**
 * Rewards of rows in groups that begin alike, such as the responses to one prompt. What a group shares goes through the model once, and
 * groups go through it together, which makes products large enough to be fast. A row's reward depends on the groups that it is given
 * with in its last bits, and on nothing else.
 */
public final class PackedRewards {
    /** Activations of so many tokens fit into any executor that the model fits into; products gain nothing from more. */
    private static final int TOKENS_AT_ONCE = 4_096;

    private final RewardModel model;
    private final float[] rewards;
    private final List<List<int[]>> waiting = new ArrayList<>();
    private int tokens;
    private int done;

    private PackedRewards(RewardModel model, int rows) {
        this.model = model;
        this.rewards = new float[rows];
    }

    /**
     * Puts rows through a reward model.
     *
     * @param model the reward model
     * @param groups of rows: token ids, one array a row
     * @return one reward a row, in logits, group after group
     */
    public static float[] of(RewardModel model, List<List<int[]>> groups) {
        PackedRewards packed =
                new PackedRewards(model, groups.stream().mapToInt(List::size).sum());
        groups.forEach(packed::add);
        packed.flush();
        return packed.rewards;
    }

    /** Rows that do not fit together, however little they share, go apart. */
    private void add(List<int[]> group) {
        int start = 0;
        int length = 0;
        for (int end = 0; end < group.size(); end++) {
            int more = group.get(end).length;
            if (end > start && length + more > TOKENS_AT_ONCE) {
                addPart(group.subList(start, end), length);
                start = end;
                length = 0;
            }
            length += more;
        }
        if (start < group.size()) {
            addPart(group.subList(start, group.size()), length);
        }
    }

    private void addPart(List<int[]> rows, int length) {
        int stored = length - (rows.size() - 1) * PackedBatch.sharedLength(rows);
        if (tokens + stored > TOKENS_AT_ONCE) {
            flush();
        }
        waiting.add(rows);
        tokens += stored;
    }

    private void flush() {
        if (waiting.isEmpty()) {
            return;
        }
        float[] found = Memory.withoutGradients(
                () -> Memory.tidy(() -> model.rewards(batch()).toFloats()));
        System.arraycopy(found, 0, rewards, done, found.length);
        done += found.length;
        waiting.clear();
        tokens = 0;
    }

    private PackedBatch batch() {
        List<int[]> rows = waiting.stream().flatMap(List::stream).toList();
        int longest = rows.stream().mapToInt(row -> row.length).max().orElse(0);
        return model.config().canSharePrefixes(longest) ? PackedBatch.ofGroups(waiting) : PackedBatch.of(rows);
    }
}
