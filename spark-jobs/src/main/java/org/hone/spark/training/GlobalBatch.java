package org.hone.spark.training;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.hone.spark.shard.TokenRow;

/**
 * A global batch cut into microbatches, by its rows alone: rows of like length go together, so that little
 * is padded, and long microbatches are dealt over the lanes in turn, so that no rank waits for another.
 *
 * @param microBatches the microbatches in the order in which the lanes take them
 * @param weight what the summed loss is divided by, over all ranks
 * @param tokens tokens in all rows, padding apart
 */
record GlobalBatch(List<List<TokenRow>> microBatches, long weight, long tokens) {
    static GlobalBatch of(List<TokenRow> rows, Trainee trainee, int microBatchSize, int lanes) {
        List<TokenRow> sorted = new ArrayList<>(rows);
        sorted.sort(Comparator.comparingInt(trainee::length).reversed().thenComparing(TokenRow::id));
        List<List<TokenRow>> cut = new ArrayList<>();
        for (int start = 0; start < sorted.size(); start += microBatchSize) {
            cut.add(sorted.subList(start, Math.min(start + microBatchSize, sorted.size())));
        }
        List<List<TokenRow>> dealt = new ArrayList<>();
        for (int lane = 0; lane < lanes; lane++) {
            for (int i = lane; i < cut.size(); i += lanes) {
                dealt.add(cut.get(i));
            }
        }
        long weight = rows.stream().mapToLong(trainee::weight).sum();
        long tokens = rows.stream().mapToLong(trainee::length).sum();
        return new GlobalBatch(dealt, weight, tokens);
    }
}
