package org.hone.spark.tokenizer;

import java.io.IOException;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import org.hone.data.tokenizer.train.CorpusCounts;
import org.hone.data.tokenizer.train.WordSplitter;
import org.hone.spark.raw.Chunk;
import org.hone.spark.tokenise.Rows;
import org.hone.spark.tokenizer.CountTask.Kind;

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
 * @param skipped which files have rows that were not used; damaged files first. Empty if the corpus is a table
 */
public record CountedCorpus(
        CorpusCounts counts,
        Map<RowOutcome, Long> rows,
        long distinctWords,
        long minimumCount,
        List<SkippedRows> skipped) {
    /** Words that the driver holds unless told otherwise, some 150 MB; Llama's 32,000 pieces need far fewer. */
    public static final int MOST_WORDS = 1_000_000;

    /**
     * Counts a table.
     *
     * @param table rows of one binary column, text in UTF-8
     * @param splitter cuts text into words
     * @param mostWords how many words the driver may hold
     * @return the counts
     */
    public static CountedCorpus of(Dataset<Row> table, WordSplitter splitter, int mostWords) {
        CountTask task = new CountTask(splitter);
        return added(
                table.mapPartitions(
                        (MapPartitionsFunction<Row, Row>) rows -> task.count(Rows.map(rows, CountedCorpus::text), null),
                        Encoders.row(CountTask.SCHEMA)),
                mostWords);
    }

    private static CorpusText text(Row row) {
        return CorpusText.of(row.isNullAt(0) ? null : row.<byte[]>getAs(0));
    }

    /**
     * Counts files. What is broken in them is skipped and counted; a storage that fails, fails the count.
     *
     * @param spark the session
     * @param files the files
     * @param splitter cuts text into words
     * @param mostWords how many words the driver may hold
     * @return the counts
     * @throws IOException if a file cannot be looked at
     * @throws IllegalArgumentException if a file is not what the options say
     */
    public static CountedCorpus of(SparkSession spark, CorpusFiles files, WordSplitter splitter, int mostWords)
            throws IOException {
        SerializableConfiguration hadoop =
                new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
        List<Chunk> chunks = files.chunks(spark, hadoop);
        String place = files.place();
        CountTask task = new CountTask(splitter);
        FlatMapFunction<Long, Row> count = index -> {
            Chunk chunk = chunks.get(index.intValue());
            ChunkTexts texts = new ChunkTexts(chunk, place, hadoop.value());
            TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> texts.close());
            return task.count(texts, chunk.file());
        };
        return added(
                spark.range(0, chunks.size(), 1, Math.max(1, chunks.size()))
                        .flatMap(count, Encoders.row(CountTask.SCHEMA)),
                mostWords);
    }

    private static CountedCorpus added(Dataset<Row> parts, int mostWords) {
        Dataset<Row> counts = parts.groupBy("kind", "text")
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
            return new CountedCorpus(new CorpusCounts(words, characters), rows, distinct, minimum, skipped(counts));
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

    private static List<SkippedRows> skipped(Dataset<Row> counts) {
        return of(Kind.SKIPPED, counts).collectAsList().stream()
                .map(row -> SkippedRows.of(row.getString(1), row.getLong(2)))
                .sorted(Comparator.comparing((SkippedRows rows) -> rows.outcome() != RowOutcome.UNREADABLE)
                        .thenComparing(SkippedRows::file)
                        .thenComparing(SkippedRows::outcome)
                        .thenComparing(SkippedRows::detail))
                .toList();
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
