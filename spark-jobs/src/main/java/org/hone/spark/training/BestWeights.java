package org.hone.spark.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.hone.model.checkpoint.FolderChecksum;
import org.hone.model.training.FlatParameters;
import org.hone.spark.executor.LocalCopies;
import org.hone.spark.metrics.HeldOutMetrics;
import org.hone.spark.run.Storage;
import org.jspecify.annotations.Nullable;

/**
 * The weights with the lowest held-out loss so far, beside the checkpoints. As with these, {@code best.json} is written last
 * and a folder without it does not count; the one before is deleted only then.
 *
 * <pre>
 * best-000000000050/weights.safetensors      parameters by name
 * best-000000000050/best.json                held-out loss, checksum
 * </pre>
 */
final class BestWeights {
    private static final String STATE = "best.json";
    private static final String PREFIX = "best-";
    private static final String MEND =
            "it was altered or cut off: delete the folder; the same command goes on, and if it is at its end, ends with the last weights";
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final TrainingJob job;
    private final Storage storage;

    /**
     * What is told of the weights.
     *
     * @param heldOut how good they are, and when they were
     * @param weights checksum of their file
     */
    record Best(HeldOutMetrics heldOut, FolderChecksum.FileChecksum weights) {}

    BestWeights(TrainingJob job) {
        this.job = job;
        this.storage = new Storage(job.hadoop().value());
    }

    /** The best so far. */
    Optional<Best> best() throws IOException {
        Best best = null;
        for (String name : folders()) {
            Best found = read(job.checkpoints() + "/" + name);
            best = best == null || found.heldOut().loss() < best.heldOut().loss() ? found : best;
        }
        return Optional.ofNullable(best);
    }

    private Best read(String folder) throws IOException {
        try {
            return JSON.readValue(storage.readText(folder + "/" + STATE), Best.class);
        } catch (JsonProcessingException e) {
            throw new IOException(
                    folder + "/" + STATE + ": not what was written: " + e.getOriginalMessage() + "; " + MEND, e);
        }
    }

    /** Keeps the weights if they are better than the best so far; of equals the first stays. Rank 0 calls it. */
    void offer(HeldOutMetrics heldOut, FlatParameters flat) throws IOException {
        Optional<Best> before = best();
        if (before.isPresent() && before.get().heldOut().loss() <= heldOut.loss()) {
            return;
        }
        List<String> worse = folders();
        String folder = job.checkpoints() + "/" + name(heldOut.step());
        UnfinishedCheckpoint unfinished =
                new UnfinishedCheckpoint(folder, STATE, storage, job.hadoop().value());
        try {
            WeightsFile.add(unfinished, flat);
            Best best = new Best(
                    heldOut, Objects.requireNonNull(unfinished.publish().get(WeightsFile.NAME)));
            storage.writeText(folder + "/" + STATE, JSON.writeValueAsString(best));
        } catch (IOException e) {
            unfinished.discard(e);
            throw e;
        }
        for (String name : worse) {
            if (!name.equals(name(heldOut.step()))) {
                storage.delete(job.checkpoints() + "/" + name + "/" + STATE);
                storage.delete(job.checkpoints() + "/" + name);
            }
        }
    }

    /** Every rank takes the best weights; nothing happens, and null is returned, if somebody has deleted them. */
    @Nullable HeldOutMetrics restore(FlatParameters flat) throws IOException {
        Best best = best().orElse(null);
        if (best == null) {
            return null;
        }
        String folder = job.checkpoints() + "/" + name(best.heldOut().step());
        Path local = LocalCopies.of(folder, job.hadoop().value());
        FolderChecksum.FileChecksum found = FolderChecksum.checksum(local.resolve(WeightsFile.NAME));
        if (!found.equals(best.weights())) {
            throw new IOException(folder + "/" + WeightsFile.NAME + ": found " + found + ", it was written as "
                    + best.weights() + "; " + MEND);
        }
        WeightsFile.restore(local, flat);
        return best.heldOut();
    }

    private List<String> folders() throws IOException {
        List<String> folders = new ArrayList<>();
        for (String name : storage.list(job.checkpoints())) {
            if (name.startsWith(PREFIX) && storage.exists(job.checkpoints() + "/" + name + "/" + STATE)) {
                folders.add(name);
            }
        }
        return folders;
    }

    private static String name(long step) {
        return PREFIX + String.format(Locale.ROOT, "%012d", step);
    }
}
