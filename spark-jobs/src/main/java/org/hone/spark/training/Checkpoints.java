package org.hone.spark.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.model.checkpoint.FolderChecksum;
import org.hone.model.checkpoint.SafetensorsFile;
import org.hone.model.checkpoint.SafetensorsWriter;
import org.hone.model.tensor.InPlace;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.hone.model.training.AdamW;
import org.hone.model.training.FlatParameters;
import org.hone.spark.executor.LocalCopies;
import org.hone.spark.executor.LocalOutput;
import org.hone.spark.run.Storage;

/**
 * Checkpoints of a training stage. Nothing is renamed: {@code state.json} is written last, with the
 * checksums of the other files, and a folder without it does not count.
 *
 * <pre>
 * step-000000000050/weights.safetensors      parameters by name
 * step-000000000050/exp_avg.safetensors      means of the gradients by name, and the step
 * step-000000000050/exp_avg_sq.safetensors   means of their squares
 * step-000000000050/state.json               position, loss curve, checksums
 * </pre>
 */
final class Checkpoints {
    private static final String STATE = "state.json";
    private static final String WEIGHTS = "weights.safetensors";
    private static final String PREFIX = "step-";
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Storage storage;
    private final SerializableConfiguration hadoop;
    private final String root;
    private final int kept;

    /**
     * What a checkpoint says of itself.
     *
     * @param step steps done
     * @param curve the loss curve so far
     * @param files checksum by file
     */
    record State(long step, LossCurve curve, Map<String, FolderChecksum.FileChecksum> files) {}

    Checkpoints(TrainingJob job) {
        this.storage = new Storage(job.hadoop().value());
        this.hadoop = job.hadoop();
        this.root = job.checkpoints();
        this.kept = job.training().checkpointsToKeep();
    }

    /** The newest whole checkpoint's step. */
    OptionalLong newest() throws IOException {
        return committed().stream().mapToLong(Long::longValue).max();
    }

    /**
     * Writes a checkpoint. All ranks call it: each has a part of the moments, and one of them writes them all.
     *
     * @param writes whether this rank is the one that writes
     */
    void save(long step, FlatParameters flat, AdamW optimizer, LossCurve curve, boolean writes) throws IOException {
        if (!writes) {
            for (AdamW.Moment moment : AdamW.Moment.values()) {
                Memory.tidy(() -> {
                    optimizer.gathered(moment);
                });
            }
            return;
        }
        String folder = folder(step);
        LocalOutput output = LocalOutput.open(folder, hadoop.value());
        Path local = output.local();
        Map<String, FolderChecksum.FileChecksum> files = new LinkedHashMap<>();
        for (AdamW.Moment moment : AdamW.Moment.values()) {
            files.put(file(moment), written(local.resolve(file(moment)), () -> optimizer.gathered(moment)));
        }
        files.put(WEIGHTS, written(local.resolve(WEIGHTS), () -> {
            Map<String, Tensor> weights = new LinkedHashMap<>();
            flat.names().forEach(name -> weights.put(name, flat.view(flat.parameters(), name)));
            return weights;
        }));
        output.publish();
        storage.writeText(folder + "/" + STATE, JSON.writeValueAsString(new State(step, curve, files)));
        List<Long> old = committed();
        for (long stale : old.subList(0, Math.max(0, old.size() - kept))) {
            // The state goes first: a folder that is half deleted does not count.
            storage.delete(folder(stale) + "/" + STATE);
            storage.delete(folder(stale));
        }
    }

    State restore(long step, FlatParameters flat, AdamW optimizer) throws IOException {
        State state = state(folder(step) + "/" + STATE);
        Path local = LocalCopies.of(folder(step), hadoop.value());
        for (Map.Entry<String, FolderChecksum.FileChecksum> file : state.files().entrySet()) {
            FolderChecksum.FileChecksum found = FolderChecksum.checksum(local.resolve(file.getKey()));
            if (!found.equals(file.getValue())) {
                throw new IOException(folder(step) + "/" + file.getKey() + ": found " + found
                        + ", the checkpoint was written as " + file.getValue()
                        + "; it was altered or cut off: delete the folder to go on from the one before");
            }
        }
        SafetensorsFile weights = SafetensorsFile.open(local.resolve(WEIGHTS));
        Memory.withoutGradients(() -> Memory.tidy(() -> {
            for (String name : flat.names()) {
                InPlace.copy(flat.view(flat.parameters(), name), weights.tensor(name));
            }
        }));
        for (AdamW.Moment moment : AdamW.Moment.values()) {
            SafetensorsFile file = SafetensorsFile.open(local.resolve(file(moment)));
            Memory.withoutGradients(() -> Memory.tidy(() -> {
                Map<String, Tensor> named = new LinkedHashMap<>();
                file.names().forEach(name -> named.put(name, file.tensor(name)));
                optimizer.restore(moment, named);
            }));
        }
        return state;
    }

    private State state(String file) throws IOException {
        try {
            return JSON.readValue(storage.readText(file), State.class);
        } catch (JsonProcessingException e) {
            throw new IOException(
                    file + ": " + e.getOriginalMessage()
                            + "; it was altered or cut off: delete the folder to go on from the one before",
                    e);
        }
    }

    /** Carries an IOException through the tidy region. */
    private static FolderChecksum.FileChecksum written(Path file, Supplier<Map<String, Tensor>> tensors)
            throws IOException {
        try {
            return Memory.tidy(() -> {
                try {
                    return SafetensorsWriter.write(file, tensors.get());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static String file(AdamW.Moment moment) {
        return moment.name().toLowerCase(Locale.ROOT) + ".safetensors";
    }

    private List<Long> committed() throws IOException {
        List<Long> steps = new ArrayList<>();
        for (String name : storage.list(root)) {
            if (name.matches(PREFIX + "\\d+") && storage.exists(root + "/" + name + "/" + STATE)) {
                steps.add(Long.parseLong(name.substring(PREFIX.length())));
            }
        }
        steps.sort(null);
        return steps;
    }

    private String folder(long step) {
        return root + "/" + PREFIX + String.format(Locale.ROOT, "%012d", step);
    }
}
