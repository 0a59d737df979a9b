package org.hone.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Tensor;

/** The weights of a folder: {@code model.safetensors}, or shards and the index that names them. */
final class WeightFiles {
    static final String SINGLE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";
    private static final String WEIGHT_MAP = "weight_map";

    private final Path folder;
    private final Map<String, SafetensorsFile> files;

    private WeightFiles(Path folder, Map<String, SafetensorsFile> files) {
        this.folder = folder;
        this.files = files;
    }

    static WeightFiles open(Path folder) throws IOException {
        Map<String, SafetensorsFile> files = new LinkedHashMap<>();
        if (Files.exists(folder.resolve(SINGLE))) {
            add(files, SafetensorsFile.open(folder.resolve(SINGLE)));
        } else if (Files.exists(folder.resolve(INDEX))) {
            openShards(folder, files);
        } else if (Files.exists(folder.resolve("pytorch_model.bin"))) {
            throw new CheckpointException(
                    folder,
                    "holds pytorch_model.bin only, a pickle, which can run code; convert it to safetensors with"
                            + " transformers' save_pretrained");
        } else {
            throw new CheckpointException(
                    folder, "holds neither " + SINGLE + " nor " + INDEX + "; is it a Hugging Face model folder?");
        }
        return new WeightFiles(folder, files);
    }

    private static void openShards(Path folder, Map<String, SafetensorsFile> files) throws IOException {
        Path index = folder.resolve(INDEX);
        JsonNode weightMap = Json.read(index).path(WEIGHT_MAP);
        if (!weightMap.isObject() || weightMap.isEmpty()) {
            throw new CheckpointException(index, WEIGHT_MAP + ": expected names of tensors with their files");
        }
        Set<String> names = new LinkedHashSet<>();
        weightMap.forEach(file -> names.add(file.asText()));
        for (String name : names) {
            if (!name.endsWith(".safetensors") || name.contains("/") || name.contains("\\")) {
                throw new CheckpointException(index, WEIGHT_MAP + ": " + name + " is not a file of this folder");
            }
            if (!Files.isRegularFile(folder.resolve(name))) {
                throw new CheckpointException(folder.resolve(name), "missing, though " + INDEX + " names it; copy it");
            }
            add(files, SafetensorsFile.open(folder.resolve(name)));
        }
        for (Map.Entry<String, JsonNode> entry : weightMap.properties()) {
            SafetensorsFile file = files.get(entry.getKey());
            if (file == null || !file.path().endsWith(entry.getValue().asText())) {
                throw new CheckpointException(
                        index,
                        WEIGHT_MAP + ": says that " + entry.getKey() + " is in "
                                + entry.getValue().asText() + ", which has no such tensor; copy the folder again");
            }
        }
    }

    private static void add(Map<String, SafetensorsFile> files, SafetensorsFile file) throws CheckpointException {
        for (String name : file.names()) {
            SafetensorsFile other = files.put(name, file);
            if (other != null) {
                throw new CheckpointException(
                        file.path(), "tensor " + name + " is in " + other.path() + " too; copy the folder again");
            }
        }
    }

    boolean has(String name) {
        return files.containsKey(name);
    }

    /** Opens a tensor in the innermost tidy region. */
    Tensor tensor(String name) {
        SafetensorsFile file = files.get(name);
        if (file == null) {
            throw new IllegalArgumentException(folder + ": has no tensor " + name);
        }
        return file.tensor(name);
    }

    /** Compares the tensors with those that a model needs, and tells all differences at once. */
    void check(Map<String, long[]> expected, Set<String> harmless) throws CheckpointException {
        List<String> problems = new ArrayList<>();
        expected.forEach((name, shape) -> {
            SafetensorsFile file = files.get(name);
            if (file == null) {
                problems.add("missing " + name);
            } else if (!file.shape(name).equals(Arrays.stream(shape).boxed().toList())) {
                problems.add(name + " has shape " + file.shape(name) + ", expected " + Arrays.toString(shape));
            } else if (!file.type(name).dataType().isFloatingPoint()) {
                problems.add(name + " has type " + file.type(name) + ", expected F32, BF16 or F16");
            }
        });
        for (String name : files.keySet()) {
            if (!expected.containsKey(name) && !harmless.contains(name) && !name.endsWith("rotary_emb.inv_freq")) {
                problems.add("unexpected " + name);
            }
        }
        if (!problems.isEmpty()) {
            int shown = Math.min(problems.size(), 12);
            String more = problems.size() > shown ? "; and " + (problems.size() - shown) + " more" : "";
            throw new CheckpointException(
                    folder,
                    "its weights do not fit its config.json: " + String.join("; ", problems.subList(0, shown)) + more
                            + ". Use the config.json that belongs to these weights");
        }
    }

    /** Writes one file, or shards of at most the given size where all tensors together are larger. */
    static void write(Path folder, Map<String, Tensor> tensors, DataType dataType, long maxShardBytes)
            throws IOException {
        List<Map<String, Tensor>> shards = new ArrayList<>();
        long size = 0;
        long total = 0;
        for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
            long bytes = tensor.getValue().elements() * dataType.bytes();
            if (shards.isEmpty() || size + bytes > maxShardBytes) {
                shards.add(new LinkedHashMap<>());
                size = 0;
            }
            shards.get(shards.size() - 1).put(tensor.getKey(), tensor.getValue());
            size += bytes;
            total += bytes;
        }
        if (shards.size() == 1) {
            SafetensorsWriter.write(folder.resolve(SINGLE), shards.get(0), dataType);
            return;
        }
        ObjectNode index = Json.object();
        index.putObject("metadata").put("total_size", total);
        ObjectNode weightMap = index.putObject(WEIGHT_MAP);
        for (int number = 0; number < shards.size(); number++) {
            String name = String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", number + 1, shards.size());
            SafetensorsWriter.write(folder.resolve(name), shards.get(number), dataType);
            shards.get(number).keySet().forEach(tensor -> weightMap.put(tensor, name));
        }
        DurableFiles.write(folder.resolve(INDEX), Json.pretty(index));
    }
}
