package org.hone.spark.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.hone.model.llama.Llama;
import org.hone.spark.fixture.TinyModels;
import org.hone.spark.shard.ShardKind;
import org.hone.spark.shard.TokenRow;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class GlobalBatchTest {
    private static final int ROWS = 23;

    private static Llama llama;
    private static Policy policy;

    @BeforeAll
    static void open() {
        llama = TinyModels.llama(0);
        policy = new Policy(llama, ShardKind.EXAMPLES, false);
    }

    @AfterAll
    static void close() {
        policy.close();
    }

    /** Row i has a prompt of 2 tokens and a response of i + 1. */
    private static List<TokenRow> rows() {
        List<TokenRow> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            rows.add(new TokenRow("row-" + i, List.of(new int[2], new int[i + 1]), 0));
        }
        return rows;
    }

    private static List<List<String>> ids(GlobalBatch batch) {
        return batch.microBatches().stream()
                .map(rows -> rows.stream().map(TokenRow::id).toList())
                .toList();
    }

    @Test
    void everyRowIsInOneMicroBatch() {
        GlobalBatch batch = GlobalBatch.of(rows(), policy, 80, 4);
        assertThat(ids(batch).stream().flatMap(List::stream))
                .hasSize(ROWS)
                .containsExactlyInAnyOrderElementsOf(
                        rows().stream().map(TokenRow::id).toList());
    }

    @Test
    void weightsAndTokensAreCounted() {
        GlobalBatch batch = GlobalBatch.of(rows(), policy, 80, 4);
        assertThat(batch.weight()).as("1 + 2 + … + 23 tokens are learned").isEqualTo(276);
        assertThat(batch.tokens()).as("and two a row are read").isEqualTo(276 + 2 * ROWS);
    }

    @Test
    void theOrderOfTheRowsDoesNotMatter() {
        List<List<String>> expected = ids(GlobalBatch.of(rows(), policy, 80, 4));
        Random random = new Random(1);
        for (int trial = 0; trial < 20; trial++) {
            List<TokenRow> shuffled = rows();
            Collections.shuffle(shuffled, random);
            assertThat(ids(GlobalBatch.of(shuffled, policy, 80, 4))).isEqualTo(expected);
        }
        List<TokenRow> equallyLong = new ArrayList<>();
        for (String id : List.of("b", "c", "a")) {
            equallyLong.add(new TokenRow(id, List.of(new int[1], new int[1]), 0));
        }
        assertThat(ids(GlobalBatch.of(equallyLong, policy, 4, 1))).containsExactly(List.of("a", "c"), List.of("b"));
    }

    /** 322 tokens and at most 80 in one make 5 micro-batches, rounded up to 8 for four lanes. */
    @Test
    void microBatchesAreEquallyLongAndKeepEveryLaneAtWork() {
        List<Integer> lengths = lengths(GlobalBatch.of(rows(), policy, 80, 4));
        assertThat(lengths).hasSize(8).allSatisfy(length -> assertThat(length).isBetween(35, 45));
        assertThat(lengths(GlobalBatch.of(rows(), policy, 100_000, 4))).hasSize(4);
    }

    @Test
    void noMicroBatchExceedsTheBudgetUnlessOneRowDoes() {
        Random random = new Random(2);
        for (int trial = 0; trial < 50; trial++) {
            int budget = 1 + random.nextInt(120);
            List<Integer> lengths = lengths(GlobalBatch.of(rows(), policy, budget, 2));
            assertThat(lengths).allSatisfy(length -> assertThat(length).isLessThanOrEqualTo(Math.max(budget, 25)));
        }
    }

    private static List<Integer> lengths(GlobalBatch batch) {
        return batch.microBatches().stream()
                .map(rows -> rows.stream().mapToInt(policy::length).sum())
                .toList();
    }
}
