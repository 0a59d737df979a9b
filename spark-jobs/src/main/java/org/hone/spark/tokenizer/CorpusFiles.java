package org.hone.spark.tokenizer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.hone.spark.run.Storage;
import org.jspecify.annotations.Nullable;

/**
 * The files of a corpus, of one format: text or JSON, a row a line, plain or compressed as their names say; or Parquet.
 *
 * @param files Hadoop paths
 * @param field the field of JSON lines that holds the text, or null
 * @param column the column of Parquet files that holds the text, or null
 */
public record CorpusFiles(
        List<String> files,
        @Nullable String field,
        @Nullable String column) {
    private static final String VALUE = "value";

    /**
     * Finds the files.
     *
     * @param patterns Hadoop paths of files, folders or globs
     * @param field the field of JSON lines, or null
     * @param column the column of Parquet files, or null
     * @param storage the file systems
     * @return the files, sorted; each once
     * @throws IOException if a file system cannot be reached
     * @throws IllegalArgumentException if a pattern names no file, or a file's name says another format
     */
    public static CorpusFiles find(
            List<String> patterns, @Nullable String field, @Nullable String column, Storage storage)
            throws IOException {
        if (field != null && column != null) {
            throw new IllegalArgumentException("--field is of JSON lines and --column of Parquet: give one of them");
        }
        List<String> files = new ArrayList<>();
        for (String pattern : patterns) {
            List<String> found = storage.files(pattern);
            if (found.isEmpty()) {
                throw new IllegalArgumentException(pattern + ": there is no such file");
            }
            files.addAll(found);
        }
        CorpusFiles corpus = new CorpusFiles(files.stream().distinct().sorted().toList(), field, column);
        corpus.files.forEach(corpus::checkName);
        return corpus;
    }

    private void checkName(String file) {
        String name = file.toLowerCase(Locale.ROOT);
        boolean parquet = name.endsWith(".parquet");
        boolean json = name.matches(".*\\.jsonl?(\\.[a-z0-9]+)?");
        if (parquet && column == null) {
            throw new IllegalArgumentException(file + ": a Parquet file; name the column of its text with --column");
        }
        if (!parquet && column != null) {
            throw new IllegalArgumentException(file + ": no Parquet file, but --column is given; leave it out");
        }
        if (json && field == null) {
            throw new IllegalArgumentException(
                    file + ": a file of JSON lines; name the field of its text with --field");
        }
    }

    /**
     * Reads the files on the executors.
     *
     * @param spark the session
     * @return a binary column: the bytes of a line or of a column's value
     * @throws IllegalArgumentException if there is no such column of text
     */
    public Dataset<Row> read(SparkSession spark) {
        String[] paths = files.toArray(String[]::new);
        if (column == null) {
            return binary(spark.read().option("lineSep", "\n").text(paths), VALUE);
        }
        Dataset<Row> rows = spark.read().parquet(paths);
        StructType schema = rows.schema();
        boolean isText = Arrays.stream(schema.fields())
                .anyMatch(
                        known -> known.name().equals(column) && known.dataType().equals(DataTypes.StringType));
        if (!isText) {
            throw new IllegalArgumentException("--column " + column + ": no column of text; the files have "
                    + Arrays.stream(schema.fields()).map(CorpusFiles::shown).toList());
        }
        return binary(rows, column);
    }

    private static String shown(StructField field) {
        return field.name() + " (" + field.dataType().simpleString() + ")";
    }

    private static Dataset<Row> binary(Dataset<Row> rows, String name) {
        return rows.select(functions.col("`" + name.replace("`", "``") + "`").cast(DataTypes.BinaryType));
    }
}
