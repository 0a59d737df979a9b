package org.hone.spark.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.spark.raw.Chunk;
import org.hone.spark.raw.Container;
import org.hone.spark.raw.RawFiles;
import org.hone.spark.raw.RawRecord;
import org.hone.spark.run.Storage;
import org.jspecify.annotations.Nullable;

/**
 * The files of a corpus: text, a row a line; JSON; Parquet or CSV. What a file is, and whether it is compressed, its first bytes
 * say, see {@link RawFiles}; text that begins as JSON does is text all the same, unless a field is given.
 *
 * @param files Hadoop paths
 * @param field the field of JSON that holds the text, or null
 * @param column the column of Parquet or CSV that holds the text, or null
 */
public record CorpusFiles(
        List<String> files,
        @Nullable String field,
        @Nullable String column) implements Serializable {
    /** The field that a line of text becomes. */
    private static final String TEXT = "text";

    private static final String PROBLEM = "!";

    /**
     * Finds the files and looks at their names.
     *
     * @param patterns Hadoop paths of files, folders or globs
     * @param field the field of JSON, or null
     * @param column the column of Parquet or CSV, or null
     * @param storage the file systems
     * @return the files, sorted; each once
     * @throws IOException if a file system cannot be reached
     * @throws IllegalArgumentException if a pattern names no file, or a file's name says another format
     */
    public static CorpusFiles find(
            List<String> patterns, @Nullable String field, @Nullable String column, Storage storage)
            throws IOException {
        if (field != null && column != null) {
            throw new IllegalArgumentException("--field is of JSON and --column of Parquet and CSV: give one of them");
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

    /** What a name tells is said before Spark starts; a name that tells nothing is left to the file's bytes. */
    private void checkName(String file) {
        String name = file.toLowerCase(Locale.ROOT).replaceAll("\\.(gz|gzip|zst|zstd)$", "");
        if (name.endsWith(".json") || name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
            if (field == null && column == null) {
                throw new IllegalArgumentException(file + ": a file of JSON; name the field of its text with --field");
            }
            check(file, problem(Container.JSON));
        }
        if (name.endsWith(".csv")) {
            check(file, problem(Container.CSV));
        }
        if (name.endsWith(".parquet")) {
            check(file, problem(Container.PARQUET));
        }
    }

    private static void check(String file, @Nullable String problem) {
        if (problem != null) {
            throw new IllegalArgumentException(file + problem);
        }
    }

    /** Why a file that holds its records so cannot be read with these options, or null. */
    private @Nullable String problem(Container container) {
        return switch (container) {
            case PARQUET -> column == null ? ": a Parquet file; name the column of its text with --column" : null;
            case CSV -> column == null ? ": a CSV file; name the column of its text with --column" : null;
            case JSON_LINES, JSON, TEXT, TEXT_LINES ->
                column == null ? null : ": neither Parquet nor CSV, but --column is given; leave it out";
        };
    }

    /** The field of every record that holds its text. */
    String place() {
        return column != null ? column : field != null ? field : TEXT;
    }

    /**
     * Looks at the files on the executors, and cuts them into chunks.
     *
     * @param spark the session
     * @param hadoop the file systems' configuration
     * @return the chunks of all files
     * @throws IOException if a file cannot be looked at
     * @throws IllegalArgumentException if a file is not what the options say, or has no such column of text
     */
    List<Chunk> chunks(SparkSession spark, SerializableConfiguration hadoop) throws IOException {
        MapFunction<Long, String> look = index -> index + " " + look(files.get(index.intValue()), hadoop.value());
        String[] seen = new String[files.size()];
        for (String line : spark.range(0, files.size(), 1, Math.max(1, files.size()))
                .map(look, Encoders.STRING())
                .collectAsList()) {
            int space = line.indexOf(' ');
            seen[Integer.parseInt(line.substring(0, space))] = line.substring(space + 1);
        }
        List<Chunk> chunks = new ArrayList<>();
        for (int i = 0; i < seen.length; i++) {
            check(files.get(i), seen[i].startsWith(PROBLEM) ? seen[i].substring(PROBLEM.length()) : null);
            Container container = Container.valueOf(seen[i]);
            chunks.addAll(RawFiles.chunks(files.get(i), container, hadoop.value(), RawFiles.CHUNK_BYTES));
        }
        return chunks;
    }

    /** How a file is read, or behind a mark why it is not. */
    private String look(String file, Configuration hadoop) throws IOException {
        Container container = RawFiles.container(file, hadoop);
        String problem = problem(container);
        if (problem == null && column != null) {
            problem = columnProblem(RawFiles.first(file, hadoop, 1));
        }
        if (problem != null) {
            return PROBLEM + problem;
        }
        if (column != null) {
            return container.name();
        }
        boolean isJson = container == Container.JSON || container == Container.JSON_LINES;
        Container lines = field == null ? Container.TEXT_LINES : Container.JSON_LINES;
        return (field != null && isJson ? container : lines).name();
    }

    private @Nullable String columnProblem(List<RawRecord.Parsed> first) {
        if (first.isEmpty()) {
            return null; // nothing to tell by; a file without a record that can be read is counted as such
        }
        JsonNode value = first.get(0).value().path(place());
        if (value.isTextual() || value.isNull()) {
            return null;
        }
        List<String> names = new ArrayList<>();
        first.get(0).value().fieldNames().forEachRemaining(names::add);
        return ": --column " + place() + ": no column of text; the file has the columns " + names;
    }
}
