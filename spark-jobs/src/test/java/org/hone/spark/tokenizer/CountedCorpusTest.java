package org.hone.spark.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.hone.data.tokenizer.train.BpeTrainer;
import org.hone.data.tokenizer.train.CorpusCounts;
import org.hone.data.tokenizer.train.WordSplitter;
import org.hone.spark.fixture.LocalSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Counts by Spark against counts in a loop, however the rows lie. */
final class CountedCorpusTest {
    private static final WordSplitter SPLITTER = new WordSplitter(List.of());
    private static final StructType BYTES = new StructType().add("value", DataTypes.BinaryType, true);

    @LocalSession
    private static SparkSession spark;

    @Test
    void equalsCountsInALoopForAnyPartitioning() {
        List<String> texts = texts(2_000);
        CorpusCounts expected = CorpusCounts.of(BpeTrainer.countWords(texts));
        for (int partitions : new int[] {1, 2, 7}) {
            CountedCorpus counted = CountedCorpus.of(rows(texts).repartition(partitions), SPLITTER, Integer.MAX_VALUE);
            assertThat(counted.counts()).as("%d partitions", partitions).isEqualTo(expected);
            assertThat(counted.rows()).isEqualTo(Map.of(RowOutcome.USED, 2_000L));
            assertThat(counted.minimumCount()).isEqualTo(1);
        }
    }

    @Test
    void theRarestWordsAreLeftOutAndTheirCharactersAreNot() {
        List<String> texts = texts(2_000);
        Map<String, Long> all = BpeTrainer.countWords(texts);
        List<Long> sorted = all.values().stream().sorted().toList();
        int most = all.size() / 3;
        for (int partitions : new int[] {1, 7}) {
            CountedCorpus counted = CountedCorpus.of(rows(texts).repartition(partitions), SPLITTER, most);
            Map<String, Long> expected = new HashMap<>(all);
            expected.values().removeIf(count -> count < counted.minimumCount());
            assertThat(counted.counts().words()).isEqualTo(expected).hasSizeLessThanOrEqualTo(most);
            assertThat(counted.distinctWords()).isEqualTo(all.size());
            assertThat(counted.counts().characters())
                    .isEqualTo(CorpusCounts.of(all).characters());
            // one less, and there would be too many
            long more = sorted.stream()
                    .filter(count -> count >= counted.minimumCount() - 1)
                    .count();
            assertThat(more).isGreaterThan(most);
        }
    }

    @Test
    void everyRowHasAnOutcome() {
        Dataset<Row> rows = bytes(Arrays.asList(
                utf8("plain\r"),
                utf8("nul \u0000 inside"),
                utf8("\r"),
                utf8(""),
                new byte[] {'a', (byte) 0xFF},
                new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
                null));
        CountedCorpus counted = CountedCorpus.of(rows, SPLITTER, 100);
        assertThat(counted.rows())
                .isEqualTo(Map.of(
                        RowOutcome.USED,
                        2L,
                        RowOutcome.EMPTY,
                        2L,
                        RowOutcome.INVALID_UTF8,
                        2L,
                        RowOutcome.NO_TEXT,
                        1L));
        assertThat(counted.rowsIn()).isEqualTo(7);
        assertThat(counted.counts().words()).isEqualTo(Map.of("▁plain", 1L, "▁nul", 1L, "▁\u0000", 1L, "▁inside", 1L));
    }

    @Test
    void aLongLineIsCutIntoWords() {
        Dataset<Row> rows = bytes(List.of(utf8("x".repeat(3_000_000))));
        CountedCorpus counted = CountedCorpus.of(rows, SPLITTER, 100);
        String whole = "x".repeat(WordSplitter.LONGEST_WORD);
        assertThat(counted.counts().words()).containsEntry(whole, 3_000_000L / WordSplitter.LONGEST_WORD - 1);
        assertThat(counted.counts().characters()).containsEntry((int) 'x', 3_000_000L);
    }

    @Test
    void wordsThatAreAllAsRareAsOneAnotherDoNotFit() {
        Dataset<Row> rows = bytes(List.of(utf8("a b c d")));
        assertThatThrownBy(() -> CountedCorpus.of(rows, SPLITTER, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("4 words occur 1 times each, and none more often: more than the 3 words that the driver may"
                        + " hold; raise that limit");
    }

    private static List<String> texts(int count) {
        Random draw = new Random(4);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder();
            for (int word = 0; word <= draw.nextInt(12); word++) {
                long rank = Math.round(Math.exp(draw.nextDouble() * 8));
                text.append(Long.toString(rank * 7_919, 36)).append(draw.nextInt(9) == 0 ? "  é🙂" : " ");
            }
            texts.add(text.toString());
        }
        return texts;
    }

    private static Dataset<Row> rows(List<String> texts) {
        return bytes(texts.stream().map(CountedCorpusTest::utf8).toList());
    }

    private static Dataset<Row> bytes(List<byte @Nullable []> values) {
        List<Row> rows = new ArrayList<>();
        for (byte[] value : values) {
            rows.add(RowFactory.create((Object) value));
        }
        return spark.createDataFrame(rows, BYTES);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
