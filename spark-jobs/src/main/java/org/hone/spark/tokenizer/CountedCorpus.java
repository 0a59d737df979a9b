package org.hone.spark.tokenizer;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import org.hone.data.tokenizer.train.CorpusCounts;
import org.hone.data.tokenizer.train.WordSplitter;
import org.hone.spark.tokenizer.CountTask.Kind;
import org.jspecify.annotations.Nullable;

/**
 * A corpus counted on the executors. The same rows give the same counts, however they are partitioned.
 *
 * <p>The driver holds at most so many words: when there are more, those that occur less often than a minimum are left out, the
 * smallest minimum that leaves few enough. Characters are counted in the words that are left out too.
 *
 * @param counts what the trainer needs
 * @param rows how many rows of each outcome
 * @param distinctWords how many different words there are
 * @param minimumCount how often a word occurs at least to be in the counts
 */
public record CountedCorpus(CorpusCounts counts, Map<RowOutcome, Long> rows, long distinctWords, long minimumCount) {
    /** Words that the driver holds unless told otherwise, some 150 MB; Llama's 32,000 pieces need far fewer. */
    public static final int MOST_WORDS = 1_000_000;

    /**
     * Counts a corpus.
     *
     * @param corpus rows of one binary column
     * @param splitter cuts text into words
     * @param field the JSON field that holds the text, null when the rows are text
     * @param mostWords how many words the driver may hold
     * @return the counts
     */
    public static CountedCorpus of(Dataset<Row> corpus, WordSplitter splitter, @Nullable String field, int mostWords) {
        Dataset<Row> counts = corpus.mapPartitions(new CountTask(splitter, field), Encoders.row(CountTask.SCHEMA))
                .groupBy("kind", "text")
                .agg(functions.sum("count").as("count"))
                .persist(StorageLevel.DISK_ONLY());
        try {
            Map<RowOutcome, Long> rows = outcomes(counts);
            List<Row> byCount = of(Kind.WORD, counts)
                    .groupBy("count")
                    .agg(functions.count("*").as("words"))
                    .orderBy(functions.col("count").desc())
                    .collectAsList();
            long distinct = byCount.stream().mapToLong(row -> row.getLong(1)).sum();
            long minimum = minimumCount(byCount, mostWords);
            Map<String, Long> words = new HashMap<>();
            of(Kind.WORD, counts)
                    .where(functions.col("count").geq(minimum))
                    .collectAsList()
                    .forEach(row -> words.put(row.getString(1), row.getLong(2)));
            Map<Integer, Long> characters = new HashMap<>();
            of(Kind.CHARACTER, counts)
                    .collectAsList()
                    .forEach(row -> characters.put(Integer.valueOf(row.getString(1)), row.getLong(2)));
            return new CountedCorpus(new CorpusCounts(words, characters), rows, distinct, minimum);
        } finally {
            counts.unpersist();
        }
    }

    /**
     * How many rows were read.
     *
     * @return the rows of all outcomes
     */
    public long rowsIn() {
        return rows.values().stream().mapToLong(Long::longValue).sum();
    }

    private static Dataset<Row> of(Kind kind, Dataset<Row> counts) {
        return counts.where(functions.col("kind").equalTo(kind.name()));
    }

    private static Map<RowOutcome, Long> outcomes(Dataset<Row> counts) {
        Map<RowOutcome, Long> rows = new EnumMap<>(RowOutcome.class);
        of(Kind.OUTCOME, counts)
                .collectAsList()
                .forEach(row -> rows.put(RowOutcome.valueOf(row.getString(1)), row.getLong(2)));
        long read = of(Kind.READ, counts).collectAsList().stream()
                .mapToLong(row -> row.getLong(2))
                .sum();
        long known = rows.values().stream().mapToLong(Long::longValue).sum();
        if (read != known) {
            throw new IllegalStateException(read + " rows were read, but " + rows + " add up to " + known);
        }
        return rows;
    }

    private static long minimumCount(List<Row> byCount, int mostWords) {
        long words = 0;
        long minimum = Long.MAX_VALUE;
        for (Row row : byCount) {
            words += row.getLong(1);
            if (words > mostWords) {
                break;
            }
            minimum = row.getLong(0);
        }
        if (minimum == Long.MAX_VALUE && !byCount.isEmpty()) {
            throw new IllegalArgumentException(
                    byCount.get(0).getLong(1) + " words occur " + byCount.get(0).getLong(0)
                            + " times each, and none more often: more than the " + mostWords
                            + " words that the driver may hold; raise that limit");
        }
        return minimum;
    }
}
