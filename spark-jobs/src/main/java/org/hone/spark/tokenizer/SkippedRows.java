package org.hone.spark.tokenizer;

/**
 * Rows of a file that were not used.
 *
 * @param file its Hadoop path
 * @param outcome why
 * @param rows how many
 * @param detail where and how the file is damaged; empty for other outcomes
 */
public record SkippedRows(String file, RowOutcome outcome, long rows, String detail) {
    private static final String SEPARATOR = "\n";

    /** What is counted on the executors. */
    static String key(String file, CorpusText row) {
        return String.join(SEPARATOR, row.outcome().name(), file, row.detail());
    }

    static SkippedRows of(String key, long rows) {
        String[] parts = key.split(SEPARATOR, 3);
        return new SkippedRows(parts[1], RowOutcome.valueOf(parts[0]), rows, parts[2]);
    }
}
