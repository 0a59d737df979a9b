package org.hone.spark.metrics;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.hone.spark.run.Storage;
import org.jspecify.annotations.Nullable;

/**
 * TensorBoard's event files of a training stage. Every attempt begins a file of its own, with the step that it starts with,
 * and TensorBoard forgets what older files have of that step and those behind it. TensorBoard reads files in the order of
 * their names, so a new one gets a later name than all that are there, whatever this machine's clock says.
 *
 * <p>Where unfinished files cannot be read, in object stores, a file ends with each {@link #commit}.
 */
public final class EventLog implements AutoCloseable {
    private static final Pattern FILE = Pattern.compile("events\\.out\\.tfevents\\.(\\d+)\\.hone");
    /** What a stream calls itself capable of that shows what it holds before it is closed. */
    private static final String HFLUSH = "hflush";

    private final Storage storage;
    private final String folder;
    private @Nullable FSDataOutputStream out;

    private EventLog(Storage storage, String folder) {
        this.storage = storage;
        this.folder = folder;
    }

    /**
     * Begins an attempt's events.
     *
     * @param storage the file systems
     * @param folder where TensorBoard looks
     * @param done steps of the checkpoint that the run goes on from, 0 for none
     * @return the log
     * @throws IOException if it cannot be written
     */
    public static EventLog open(Storage storage, String folder, long done) throws IOException {
        EventLog log = new EventLog(storage, folder);
        log.current().write(EventRecords.start(now(), done + 1));
        return log;
    }

    /**
     * Adds a step's values.
     *
     * @param metrics what the step showed
     * @throws IOException if they cannot be written
     */
    public void add(StepMetrics metrics) throws IOException {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("train/loss", metrics.loss());
        Double accuracy = metrics.accuracy();
        if (accuracy != null) {
            values.put("train/accuracy", accuracy);
        }
        values.put("train/gradient_norm", metrics.gradientNorm());
        values.put("train/learning_rate", metrics.learningRate());
        values.put("train/epoch", (double) metrics.epoch());
        HeldOutMetrics heldOut = metrics.heldOut();
        if (heldOut != null) {
            values.put("held_out/loss", heldOut.loss());
            Double ranked = heldOut.accuracy();
            if (ranked != null) {
                values.put("held_out/accuracy", ranked);
            }
        }
        values.put("speed/tokens_per_second", metrics.tokens() / Math.max(1e-9, metrics.seconds()));
        values.put("speed/compute_share", metrics.computeShare());
        current().write(EventRecords.scalars(now(), metrics.step(), values));
    }

    /**
     * Shows what was added, where the file system shows unfinished files.
     *
     * @throws IOException if it cannot be written
     */
    public void flush() throws IOException {
        if (out != null) {
            if (out.hasCapability(HFLUSH)) {
                out.hflush();
            } else {
                out.flush();
            }
        }
    }

    /**
     * Makes sure that what was added outlives this process.
     *
     * @throws IOException if it cannot be written
     */
    public void commit() throws IOException {
        if (out != null && out.hasCapability(HFLUSH)) {
            out.hflush();
        } else {
            close();
        }
    }

    private FSDataOutputStream current() throws IOException {
        FSDataOutputStream open = out;
        if (open == null) {
            open = storage.growing(folder + "/" + nextName());
            out = open;
            open.write(EventRecords.version(now()));
        }
        return open;
    }

    private String nextName() throws IOException {
        long seconds = System.currentTimeMillis() / 1000;
        for (String name : storage.list(folder)) {
            Matcher file = FILE.matcher(name);
            if (file.matches()) {
                seconds = Math.max(seconds, Long.parseLong(file.group(1)) + 1);
            }
        }
        return "events.out.tfevents." + seconds + ".hone";
    }

    private static double now() {
        return System.currentTimeMillis() / 1e3;
    }

    @Override
    public void close() throws IOException {
        FSDataOutputStream open = out;
        out = null;
        if (open != null) {
            open.close();
        }
    }
}
