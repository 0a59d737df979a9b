package org.hone.spark.tokenizer;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.hone.data.tokenizer.train.WordSplitter;
import org.jspecify.annotations.Nullable;

/**
 * Counts the words, characters and outcomes of a partition's rows; the counts are handed on whenever many words have come
 * together, so a task's memory does not grow with its partition.
 *
 * @param splitter cuts text into words
 */
record CountTask(WordSplitter splitter) implements Serializable {
    /** What a count is of. */
    enum Kind {
        WORD,
        CHARACTER,
        OUTCOME,
        SKIPPED,
        READ
    }

    /** Its rows; counts of the same thing are still to be added up. */
    static final StructType SCHEMA = new StructType()
            .add("kind", DataTypes.StringType, false)
            .add("text", DataTypes.StringType, false)
            .add("count", DataTypes.LongType, false);

    /** Some 30 MB. */
    private static final int MOST_WORDS = 200_000;

    /**
     * Counts.
     *
     * @param rows the rows
     * @param file the file that they are read from, null if they are a table's
     * @return rows of {@link #SCHEMA}
     */
    Iterator<Row> count(Iterator<CorpusText> rows, @Nullable String file) {
        return new Counting(rows, file);
    }

    private final class Counting implements Iterator<Row> {
        private final Iterator<CorpusText> rows;
        private final @Nullable String file;
        private final Map<String, Long> words = new HashMap<>();
        private final Map<RowOutcome, Long> outcomes = new EnumMap<>(RowOutcome.class);
        private final Map<String, Long> skipped = new HashMap<>();
        private Iterator<Row> ready = List.<Row>of().iterator();

        Counting(Iterator<CorpusText> rows, @Nullable String file) {
            this.rows = rows;
            this.file = file;
        }

        @Override
        public boolean hasNext() {
            if (!ready.hasNext() && rows.hasNext()) {
                ready = counted();
            }
            return ready.hasNext();
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException("every count was handed on");
            }
            return ready.next();
        }

        private Iterator<Row> counted() {
            words.clear();
            outcomes.clear();
            skipped.clear();
            long read = 0;
            while (rows.hasNext() && words.size() < MOST_WORDS) {
                CorpusText text = rows.next();
                read++;
                outcomes.merge(text.outcome(), 1L, Long::sum);
                if (file != null && text.outcome() != RowOutcome.USED) {
                    skipped.merge(SkippedRows.key(file, text), 1L, Long::sum);
                }
                for (String word : splitter.words(text.text())) {
                    words.merge(word, 1L, Long::sum);
                }
            }
            List<Row> counts = new ArrayList<>(words.size());
            Map<Integer, Long> characters = new HashMap<>();
            words.forEach((word, count) -> {
                counts.add(count(Kind.WORD, word, count));
                word.codePoints().forEach(point -> characters.merge(point, count, Long::sum));
            });
            characters.forEach((point, count) -> counts.add(count(Kind.CHARACTER, Integer.toString(point), count)));
            outcomes.forEach((outcome, count) -> counts.add(count(Kind.OUTCOME, outcome.name(), count)));
            skipped.forEach((key, count) -> counts.add(count(Kind.SKIPPED, key, count)));
            counts.add(count(Kind.READ, "", read));
            return counts.iterator();
        }

        private Row count(Kind kind, String text, long count) {
            return RowFactory.create(kind.name(), text, count);
        }
    }
}
