package org.hone.spark.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hone.spark.run.Storage;

/**
 * A row a step, as JSON lines in files of a thousand steps, which Spark and pandas read as one table. The newest file is
 * replaced as a whole whenever it is written, on any file system, so that a reader never finds half a row.
 *
 * <p>A run that goes on from a checkpoint drops the rows behind it, whose steps it takes again; rows up to it are there,
 * because the table is written before a checkpoint is. So no step is there twice, and none is missing.
 */
public final class MetricsTable {
    private static final int STEPS_A_FILE = 1_000;
    private static final Pattern FILE = Pattern.compile("steps-(\\d+)\\.jsonl");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Storage storage;
    private final String folder;
    private final List<String> rows = new ArrayList<>();
    private long first;
    private boolean written = true;

    private MetricsTable(Storage storage, String folder, long first) {
        this.storage = storage;
        this.folder = folder;
        this.first = first;
    }

    /**
     * Begins a table, or goes on with one.
     *
     * @param storage the file systems
     * @param folder the table's folder
     * @param done steps of the checkpoint that the run goes on from, 0 for none
     * @return the table, with the rows of these steps
     * @throws IOException if it cannot be read or written
     */
    public static MetricsTable open(Storage storage, String folder, long done) throws IOException {
        MetricsTable table = new MetricsTable(storage, folder, firstOfFile(done + 1));
        for (String name : storage.list(folder)) {
            Matcher file = FILE.matcher(name);
            if (file.matches() && Long.parseLong(file.group(1)) > done) {
                storage.delete(folder + "/" + name);
            }
        }
        if (storage.exists(table.file())) {
            table.keepUpTo(done);
        }
        return table;
    }

    private void keepUpTo(long done) throws IOException {
        for (String row : storage.readText(file()).lines().toList()) {
            if (step(row) <= done) {
                rows.add(row);
            }
        }
        written = false;
        write();
    }

    private long step(String row) throws IOException {
        try {
            return JSON.readTree(row).path("step").asLong();
        } catch (JsonProcessingException e) {
            throw new IOException(
                    file() + ": " + e.getOriginalMessage()
                            + "; the table was altered: delete its folder to begin another",
                    e);
        }
    }

    /**
     * Adds a row.
     *
     * @param metrics the step behind the last one
     * @throws IOException if a file that is full cannot be written
     */
    public void add(StepMetrics metrics) throws IOException {
        if (firstOfFile(metrics.step()) != first) {
            write();
            rows.clear();
            first = firstOfFile(metrics.step());
        }
        rows.add(metrics.json());
        written = false;
    }

    /**
     * Writes what was added.
     *
     * @throws IOException if it cannot be written
     */
    public void write() throws IOException {
        if (!written) {
            storage.writeText(file(), String.join("\n", rows) + "\n");
            written = true;
        }
    }

    private static long firstOfFile(long step) {
        return (step - 1) / STEPS_A_FILE * STEPS_A_FILE + 1;
    }

    private String file() {
        return folder + "/steps-" + String.format(Locale.ROOT, "%012d", first) + ".jsonl";
    }
}
