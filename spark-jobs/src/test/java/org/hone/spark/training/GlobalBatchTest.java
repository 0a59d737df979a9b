package org.hone.spark.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.hone.model.llama.Llama;
import org.hone.spark.fixture.TinyModels;
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
        policy = new Policy(llama);
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
        GlobalBatch batch = GlobalBatch.of(rows(), policy, 4, 4);
        assertThat(ids(batch).stream().flatMap(List::stream))
                .hasSize(ROWS)
                .containsExactlyInAnyOrderElementsOf(
                        rows().stream().map(TokenRow::id).toList());
    }

    @Test
    void weightsAndTokensAreCounted() {
        GlobalBatch batch = GlobalBatch.of(rows(), policy, 4, 4);
        assertThat(batch.weight()).as("1 + 2 + … + 23 tokens are learned").isEqualTo(276);
        assertThat(batch.tokens()).as("and two a row are read").isEqualTo(276 + 2 * ROWS);
    }

    @Test
    void theOrderOfTheRowsDoesNotMatter() {
        List<List<String>> expected = ids(GlobalBatch.of(rows(), policy, 4, 4));
        Random random = new Random(1);
        for (int trial = 0; trial < 20; trial++) {
            List<TokenRow> shuffled = rows();
            Collections.shuffle(shuffled, random);
            assertThat(ids(GlobalBatch.of(shuffled, policy, 4, 4))).isEqualTo(expected);
        }
        List<TokenRow> equallyLong = new ArrayList<>();
        for (String id : List.of("b", "c", "a")) {
            equallyLong.add(new TokenRow(id, List.of(new int[1], new int[1]), 0));
        }
        assertThat(ids(GlobalBatch.of(equallyLong, policy, 2, 1))).containsExactly(List.of("a", "b"), List.of("c"));
    }

    /** The longest rows share a micro-batch; six of them are dealt to four lanes: 0 4, 1 5, 2, 3. */
    @Test
    void lanesGetLongAndShortMicroBatchesAlike() {
        List<Integer> longest = GlobalBatch.of(rows(), policy, 4, 4).microBatches().stream()
                .map(rows -> policy.length(rows.get(0)))
                .toList();
        assertThat(longest).containsExactly(25, 9, 21, 5, 17, 13);
    }
}
