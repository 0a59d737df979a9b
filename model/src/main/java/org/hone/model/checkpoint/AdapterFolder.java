package org.hone.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hone.model.llama.Llama;
import org.hone.model.llama.LowRankAdapters;
import org.hone.model.llama.LowRankAdapters.Target;
import org.hone.model.llama.Network;
import org.hone.model.llama.RewardModel;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.InPlace;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;

/**
 * Adapters in and out as peft has them: {@value #CONFIG} and {@value #WEIGHTS}. A reward model's heads, which are trained
 * whole, stand among the adapters' weights.
 */
public final class AdapterFolder {
    /** The file that says what the adapters are. */
    public static final String CONFIG = "adapter_config.json";

    /** The file that holds their weights. */
    public static final String WEIGHTS = "adapter_model.safetensors";

    private static final String PREFIX = "base_model.model.";
    private static final String HEAD = "score";

    /** What Hone does not compute; with another value the numbers would be wrong. */
    private static final Map<String, List<String>> REFUSED = Map.of(
            "bias", List.of("none"),
            "use_rslora", List.of("false"),
            "use_dora", List.of("false"),
            "fan_in_fan_out", List.of("false"),
            "rank_pattern", List.of("{}"),
            "alpha_pattern", List.of("{}"),
            "layers_to_transform", List.of("[]"));

    private AdapterFolder() {}

    /**
     * Writes adapters.
     *
     * @param adapters what to write
     * @param base where the model is that they stand beside, for peft to find it
     * @param folder absent, empty, or an older folder that Hone wrote, which is replaced
     * @throws IOException if it cannot be written; an older folder then is still whole
     */
    public static void write(LowRankAdapters adapters, String base, Path folder) throws IOException {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        adapters.parameters().forEach((name, weight) -> weights.put(PREFIX + name, weight));
        ReplacedFolder.write(folder, FolderChecksum.MANIFEST, target -> {
            DurableFiles.write(target.resolve(CONFIG), Json.pretty(config(adapters, base)));
            SafetensorsWriter.write(target.resolve(WEIGHTS), weights, DataType.FLOAT32);
            FolderChecksum.write(target);
        });
    }

    private static ObjectNode config(LowRankAdapters adapters, String base) {
        boolean isPolicy = adapters.network() instanceof Llama;
        ObjectNode json = Json.object();
        json.put("base_model_name_or_path", base);
        json.put("bias", "none");
        json.put("fan_in_fan_out", false);
        json.put("inference_mode", true);
        json.put("lora_alpha", adapters.settings().alpha());
        json.put("lora_dropout", 0.0);
        if (isPolicy) {
            json.putNull("modules_to_save");
        } else {
            json.putArray("modules_to_save").add(HEAD);
        }
        json.put("peft_type", "LORA");
        json.put("r", adapters.settings().rank());
        ArrayNode targets = json.putArray("target_modules");
        adapters.settings().targets().forEach(target -> targets.add(target.module()));
        return json.put("task_type", isPolicy ? "CAUSAL_LM" : "SEQ_CLS")
                .put("use_dora", false)
                .put("use_rslora", false);
    }

    /**
     * Puts the adapters of a folder beside a model's weights, and a reward model's heads in the place of its own.
     *
     * @param folder as peft or Hone writes it
     * @param network the model that they belong to; it must outlive them
     * @return the adapters, which the caller closes
     * @throws IOException if the folder is not a whole one, or holds something that Hone does not run
     */
    public static LowRankAdapters attach(Path folder, Network network) throws IOException {
        FolderChecksum.verify(folder);
        LowRankAdapters.Settings settings = settings(folder);
        Path file = folder.resolve(WEIGHTS);
        if (!Files.isRegularFile(file)) {
            throw new CheckpointException(file, "missing; copy the adapters again");
        }
        SafetensorsFile stored = SafetensorsFile.open(file);
        Map<String, long[]> shapes = LowRankAdapters.shapes(network.config(), settings);
        Map<String, Tensor> heads = new LinkedHashMap<>();
        network.parameters().forEach((name, weight) -> {
            if (!(network instanceof Llama) && !name.startsWith("model.")) {
                heads.put(name, weight);
            }
        });
        check(file, stored, shapes, heads);
        DataType dataType = network.parameters().values().iterator().next().dataType();
        return Memory.withoutGradients(() -> Memory.tidy(() -> {
            Map<String, Tensor> weights = new LinkedHashMap<>();
            for (String name : shapes.keySet()) {
                Tensor like = network.parameters().values().iterator().next();
                weights.put(
                        name,
                        stored.tensor(PREFIX + name)
                                .to(dataType)
                                .to(like.device())
                                .copy());
            }
            heads.forEach((name, head) -> InPlace.copy(head.detach(), stored.tensor(PREFIX + name)));
            return new LowRankAdapters(network, settings, weights);
        }));
    }

    static boolean hasSafetyHead(Path folder) throws IOException {
        return SafetensorsFile.open(folder.resolve(WEIGHTS)).names().contains(PREFIX + RewardModel.SAFETY_HEAD);
    }

    private static void check(Path file, SafetensorsFile stored, Map<String, long[]> shapes, Map<String, Tensor> heads)
            throws CheckpointException {
        Map<String, List<Long>> expected = new LinkedHashMap<>();
        shapes.forEach((name, shape) ->
                expected.put(PREFIX + name, Arrays.stream(shape).boxed().toList()));
        heads.forEach((name, head) ->
                expected.put(PREFIX + name, Arrays.stream(head.shape()).boxed().toList()));
        List<String> problems = new ArrayList<>();
        expected.forEach((name, shape) -> {
            if (!stored.names().contains(name)) {
                problems.add("missing " + name);
            } else if (!stored.shape(name).equals(shape)) {
                problems.add(name + " has shape " + stored.shape(name) + ", expected " + shape);
            }
        });
        for (String name : stored.names()) {
            if (!expected.containsKey(name)) {
                problems.add("unexpected " + name);
            }
        }
        if (!problems.isEmpty()) {
            throw new CheckpointException(
                    file,
                    "its weights do not fit the model: "
                            + String.join("; ", problems.subList(0, Math.min(12, problems.size())))
                            + ". Give the model that the adapters were trained beside");
        }
    }

    private static LowRankAdapters.Settings settings(Path folder) throws IOException {
        Path file = folder.resolve(CONFIG);
        ObjectNode json = Json.read(file);
        try {
            ConfigFields config = new ConfigFields(json);
            String type = config.text("peft_type", "LORA");
            if (!type.equals("LORA")) {
                throw new IllegalArgumentException("peft_type: found " + type + ", Hone runs LORA only");
            }
            for (Map.Entry<String, List<String>> refused : REFUSED.entrySet()) {
                JsonNode found = json.path(refused.getKey());
                boolean isAbsent = found.isMissingNode() || found.isNull();
                if (!isAbsent && !refused.getValue().contains(found.isTextual() ? found.asText() : found.toString())) {
                    throw new IllegalArgumentException(refused.getKey() + ": found " + found + ", Hone runs "
                            + refused.getValue().get(0) + " only");
                }
            }
            return new LowRankAdapters.Settings(
                    config.integer("r"), config.number("lora_alpha"), targets(json.path("target_modules")));
        } catch (IllegalArgumentException problem) {
            throw new CheckpointException(file, "unfit: " + problem.getMessage(), problem);
        }
    }

    private static Set<Target> targets(JsonNode modules) {
        Set<Target> targets = EnumSet.noneOf(Target.class);
        for (JsonNode module : modules) {
            try {
                targets.add(Target.named(module.asText()));
            } catch (IllegalArgumentException unknown) {
                throw new IllegalArgumentException("target_modules: " + unknown.getMessage(), unknown);
            }
        }
        if (targets.isEmpty()) {
            throw new IllegalArgumentException(
                    "target_modules: found " + modules + ", expected a list such as [\"q_proj\"]");
        }
        return targets;
    }
}
