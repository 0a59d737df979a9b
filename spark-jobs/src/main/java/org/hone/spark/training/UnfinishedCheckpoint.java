package org.hone.spark.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileUtil;
import org.hone.model.checkpoint.FolderChecksum.FileChecksum;
import org.hone.model.checkpoint.SafetensorsWriter;
import org.hone.model.tensor.Tensor;
import org.hone.spark.executor.LocalOutput;
import org.hone.spark.run.Storage;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint that a rank is writing. What goes wrong is said at the end, not at once: until then the other ranks need this
 * one to bring the optimiser's parts together.
 */
final class UnfinishedCheckpoint {
    private final Storage storage;
    private final String folder;
    private final Map<String, FileChecksum> files = new LinkedHashMap<>();
    private @Nullable LocalOutput output;
    private @Nullable IOException problem;

    /** What is tried unless something has failed before. */
    private interface Attempt {
        void run() throws IOException;
    }

    /**
     * Begins one; what an interrupted attempt left there is deleted.
     *
     * @param marker the file that says that the folder counts
     */
    UnfinishedCheckpoint(String folder, String marker, Storage storage, Configuration hadoop) {
        this.folder = folder;
        this.storage = storage;
        attempt(folder, () -> {
            // the marker goes first: a folder that is half deleted does not count
            storage.delete(folder + "/" + marker);
            output = LocalOutput.open(folder, hadoop);
        });
    }

    /** Writes a file. */
    void add(String name, Map<String, Tensor> tensors) {
        if (output != null) {
            Path file = output.local().resolve(name);
            attempt(file.toString(), () -> files.put(name, SafetensorsWriter.write(file, tensors)));
        }
    }

    /** Brings the files to where they belong; until the marker stands beside them they do not count. */
    Map<String, FileChecksum> publish() throws IOException {
        LocalOutput written = output;
        if (written != null) {
            attempt(folder, written::publish);
        }
        if (problem != null) {
            throw problem;
        }
        return files;
    }

    /** Takes away what could not be finished: on a full disk it would only keep the next attempt from its room. */
    void discard(IOException reason) {
        try {
            storage.delete(folder);
            if (output != null) {
                FileUtil.fullyDelete(output.local().toFile());
            }
        } catch (IOException | FSError e) {
            reason.addSuppressed(e);
        }
    }

    private void attempt(String what, Attempt attempt) {
        if (problem != null) {
            return;
        }
        try {
            attempt.run();
        } catch (IOException e) {
            problem = new IOException(what + " could not be written: " + e.getMessage(), e);
        } catch (FSError e) { // Hadoop's word for a local disk's IOException
            problem = new IOException(what + " could not be written: " + e.getMessage(), e);
        }
    }
}
