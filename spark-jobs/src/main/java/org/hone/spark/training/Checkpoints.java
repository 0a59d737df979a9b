package org.hone.spark.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.model.checkpoint.FolderChecksum;
import org.hone.model.checkpoint.SafetensorsFile;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.hone.model.training.AdamW;
import org.hone.model.training.FlatParameters;
import org.hone.spark.executor.FileTree;
import org.hone.spark.executor.LocalCopies;
import org.hone.spark.run.Storage;

/**
 * Checkpoints of a training stage. Nothing is renamed: {@code state.json} is written last, with the
 * checksums of the other files, and a folder without it does not count.
 *
 * <pre>
 * step-000000000050/weights.safetensors      parameters by name
 * step-000000000050/exp_avg.safetensors      means of the gradients by name, and the step
 * step-000000000050/exp_avg_sq.safetensors   means of their squares
 * step-000000000050/state.json               position, seed, recipe, loss curve, checksums
 * </pre>
 *
 * A damaged one is passed over: its state is deleted, and {@code damaged-000000000050} says what was wrong.
 */
final class Checkpoints {
    private static final String STATE = "state.json";
    private static final String DAMAGED = "damaged-";
    private static final String PREFIX = "step-";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    private final Storage storage;
    private final SerializableConfiguration hadoop;
    private final String root;
    private final int kept;
    private final RunIdentity identity;

    /**
     * What a checkpoint says of itself.
     *
     * @param step steps done
     * @param run what the run is, as {@link RunIdentity} has it
     * @param curve the loss curve so far
     * @param files checksum by file
     */
    record State(long step, JsonNode run, LossCurve curve, Map<String, FolderChecksum.FileChecksum> files) {}

    Checkpoints(TrainingJob job) {
        this.storage = new Storage(job.hadoop().value());
        this.hadoop = job.hadoop();
        this.root = job.checkpoints();
        this.kept = job.training().checkpointsToKeep();
        this.identity = RunIdentity.of(job);
    }

    /** Steps of the checkpoints that were finished, in order. */
    List<Long> committed() throws IOException {
        List<Long> steps = new ArrayList<>();
        for (String name : storage.list(root)) {
            if (name.matches(PREFIX + "\\d+") && storage.exists(root + "/" + name + "/" + STATE)) {
                steps.add(Long.parseLong(name.substring(PREFIX.length())));
            }
        }
        steps.sort(null);
        return steps;
    }

    /** The newest finished checkpoint's step. */
    OptionalLong newest() throws IOException {
        return committed().stream().mapToLong(Long::longValue).max();
    }

    /**
     * Checks that a job may go on from the newest checkpoint.
     *
     * @throws IllegalArgumentException if it is of a run that would end with other weights
     */
    void refuseAnotherRun() throws IOException {
        OptionalLong newest = newest();
        if (newest.isEmpty() || !damage(newest.getAsLong(), false).isEmpty()) {
            return;
        }
        List<String> differences =
                identity.differences(state(newest.getAsLong()).run());
        if (!differences.isEmpty()) {
            throw new IllegalArgumentException(folder(newest.getAsLong()) + " is of another run:\n"
                    + String.join("\n", differences)
                    + "\nGo on with what it was made with, or delete " + root + " to train from the beginning.");
        }
    }

    /**
     * Writes a checkpoint. All ranks call it: each has a part of the moments, and one of them writes them all.
     *
     * @param writes whether this rank is the one that writes
     */
    void save(long step, FlatParameters flat, AdamW optimizer, LossCurve curve, boolean writes) throws IOException {
        UnfinishedCheckpoint unfinished =
                writes ? new UnfinishedCheckpoint(folder(step), STATE, storage, hadoop.value()) : null;
        for (AdamW.Moment moment : AdamW.Moment.values()) {
            Memory.tidy(() -> {
                Map<String, Tensor> gathered = optimizer.gathered(moment);
                if (unfinished != null) {
                    unfinished.add(file(moment), gathered);
                }
            });
        }
        // All ranks have taken a step together since, so none of them still reads what it went on from.
        LocalCopies.drop(root);
        if (unfinished == null) {
            return;
        }
        try {
            WeightsFile.add(unfinished, flat);
            State state = new State(step, identity.json(), curve, unfinished.publish());
            storage.writeText(folder(step) + "/" + STATE, JSON.writeValueAsString(state));
        } catch (IOException e) {
            unfinished.discard(e);
            throw e;
        }
        deleteOld();
    }

    private void deleteOld() throws IOException {
        List<Long> old = committed();
        for (long stale : old.subList(0, Math.max(0, old.size() - kept))) {
            // The state goes first: a folder that is half deleted does not count.
            storage.delete(folder(stale) + "/" + STATE);
            storage.delete(folder(stale));
        }
    }

    /** What is wrong with a checkpoint's files; empty if it is whole. */
    String damage(long step) throws IOException {
        return damage(step, true);
    }

    private String damage(long step, boolean withFiles) throws IOException {
        State state;
        try {
            state = state(step);
        } catch (JsonProcessingException | FileNotFoundException | NoSuchFileException | ChecksumException e) {
            return e.toString();
        }
        return withFiles ? damage(step, state.files()) : "";
    }

    /** A file is gone, cut off or altered; any other failure is the storage's or this machine's, and may not be there the next time. */
    private String damage(long step, Map<String, FolderChecksum.FileChecksum> files) throws IOException {
        Map<String, FileTree.Listed> there =
                FileTree.of(storage.fileSystem(root), new org.apache.hadoop.fs.Path(folder(step)));
        for (Map.Entry<String, FolderChecksum.FileChecksum> file : files.entrySet()) {
            FileTree.Listed found = there.get(file.getKey());
            if (found == null || found.bytes() != file.getValue().size()) {
                return differs(file, found == null ? "nothing" : found.bytes() + " bytes");
            }
        }
        Path local;
        try {
            local = LocalCopies.of(folder(step), hadoop.value());
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof ChecksumException altered) {
                return altered.toString();
            }
            throw e;
        }
        for (Map.Entry<String, FolderChecksum.FileChecksum> file : files.entrySet()) {
            FolderChecksum.FileChecksum found = FolderChecksum.checksum(local.resolve(file.getKey()));
            if (!found.equals(file.getValue())) {
                return differs(file, found);
            }
        }
        return "";
    }

    private static String differs(Map.Entry<String, FolderChecksum.FileChecksum> file, Object found) {
        return file.getKey() + ": found " + found + ", it was written as " + file.getValue();
    }

    /** Makes a damaged checkpoint one that does not count, and says so beside it. */
    void setAside(long step, String damage) throws IOException {
        storage.writeText(root + "/" + DAMAGED + number(step), damage + "\n");
        storage.delete(folder(step) + "/" + STATE);
    }

    /** Damaged checkpoints that were passed over, with what was wrong with them. */
    Map<Long, String> setAside() throws IOException {
        Map<Long, String> damaged = new TreeMap<>();
        for (String name : storage.list(root)) {
            if (name.matches(DAMAGED + "\\d+")) {
                damaged.put(
                        Long.parseLong(name.substring(DAMAGED.length())),
                        storage.readText(root + "/" + name).strip());
            }
        }
        return damaged;
    }

    /** Goes on from a checkpoint that is whole. */
    State restore(long step, FlatParameters flat, AdamW optimizer) throws IOException {
        Path local = LocalCopies.of(folder(step), hadoop.value());
        WeightsFile.restore(local, flat);
        for (AdamW.Moment moment : AdamW.Moment.values()) {
            SafetensorsFile file = SafetensorsFile.open(local.resolve(file(moment)));
            Memory.withoutGradients(() -> Memory.tidy(() -> {
                Map<String, Tensor> named = new LinkedHashMap<>();
                file.names().forEach(name -> named.put(name, file.tensor(name)));
                optimizer.restore(moment, named);
            }));
        }
        return state(step);
    }

    private State state(long step) throws IOException {
        return JSON.readValue(storage.readText(folder(step) + "/" + STATE), State.class);
    }

    private static String file(AdamW.Moment moment) {
        return moment.name().toLowerCase(Locale.ROOT) + ".safetensors";
    }

    private String folder(long step) {
        return root + "/" + PREFIX + number(step);
    }

    private static String number(long step) {
        return String.format(Locale.ROOT, "%012d", step);
    }
}
