package org.hone.spark.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.hone.spark.shard.TokenRow;

/**
 * A global batch cut into microbatches, by its rows alone, so that the number of ranks changes nothing. A microbatch holds
 * as many tokens as the budget allows, whatever their rows' lengths, because rows are packed and not padded. There are as
 * many microbatches as keep every lane at work, and all are about equally long, so that no rank waits for another.
 *
 * @param microBatches the microbatches in the order in which the lanes take them
 * @param counts what sums over all ranks are divided by
 * @param tokens tokens that go through the model
 */
record GlobalBatch(List<List<TokenRow>> microBatches, Counts counts, long tokens) {
    /** A row and its length, which is worked out once: of a pair it takes a comparison of both responses. */
    private record Measured(TokenRow row, int length) {}

    /**
     * What the sums over a global batch are divided by.
     *
     * @param weight trained tokens, or pairs
     * @param labels responses of which it is known whether they are safe
     */
    record Counts(long weight, long labels) {}

    /** Trained tokens, or pairs. */
    long weight() {
        return counts.weight();
    }

    static GlobalBatch of(List<TokenRow> rows, Trainee trainee, int tokenBudget, int lanes) {
        List<Measured> measured = new ArrayList<>(rows.size());
        rows.forEach(row -> measured.add(new Measured(row, trainee.length(row))));
        measured.sort(Comparator.comparingInt(Measured::length)
                .reversed()
                .thenComparing(row -> row.row().id()));
        List<TokenRow> sorted = measured.stream().map(Measured::row).toList();
        int[] lengths = measured.stream().mapToInt(Measured::length).toArray();
        long tokens = Arrays.stream(lengths).asLongStream().sum();
        long most = Math.max(tokenBudget, lengths[0]);
        int count = roundedUp((tokens + most - 1) / most, lanes);
        List<List<TokenRow>> spread = spread(sorted, lengths, count, most);
        while (spread.isEmpty()) {
            count += lanes;
            spread = spread(sorted, lengths, count, most);
        }
        long weight = rows.stream().mapToLong(trainee::weight).sum();
        long labels = rows.stream().mapToLong(trainee::labels).sum();
        return new GlobalBatch(spread, new Counts(weight, labels), tokens);
    }

    private static int roundedUp(long count, int lanes) {
        return Math.toIntExact((count + lanes - 1) / lanes * lanes);
    }

    /** Every row, the longest first, to the microbatch that has the fewest tokens; nothing if one gets too many. */
    private static List<List<TokenRow>> spread(List<TokenRow> rows, int[] lengths, int count, long most) {
        List<List<TokenRow>> microBatches = new ArrayList<>();
        for (int i = 0; i < Math.min(count, rows.size()); i++) {
            microBatches.add(new ArrayList<>());
        }
        long[] loads = new long[microBatches.size()];
        for (int i = 0; i < lengths.length; i++) {
            int least = 0;
            for (int m = 1; m < loads.length; m++) {
                least = loads[m] < loads[least] ? m : least;
            }
            loads[least] += lengths[i];
            if (loads[least] > most) {
                return List.of();
            }
            microBatches.get(least).add(rows.get(i));
        }
        return microBatches;
    }
}
