package org.hone.model.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hone.model.llama.Llama;
import org.hone.model.llama.LlamaConfig;
import org.hone.model.llama.Network;
import org.hone.model.llama.RewardModel;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.Elementwise;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Reductions;
import org.hone.model.tensor.Tensor;

/**
 * Models in and out as Hugging Face folders: {@code config.json}, safetensors, tokenizer files.
 *
 * <p>Every checkpoint of the Llama architecture loads, and what is written loads in transformers (4 and 5) with
 * the same logits. A folder that Hone wrote carries checksums, and loading verifies them.
 */
public final class HuggingFaceFolder {
    private static final String TIED_HEAD = "lm_head.weight";
    private static final String EMBEDDING = "model.embed_tokens.weight";

    /** What a tokenizer consists of in such a folder, as far as it is there. */
    public static final List<String> TOKENIZER_FILES = List.of(
            "tokenizer.model",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "chat_template.jinja");

    private HuggingFaceFolder() {}

    /**
     * Reads the shape of a model.
     *
     * @param folder a Hugging Face model folder, of a policy or of a reward model
     * @return the shape
     * @throws IOException if it cannot be read, or names something that Hone does not run
     */
    public static LlamaConfig config(Path folder) throws IOException {
        return HuggingFaceConfig.read(folder).model();
    }

    /**
     * Reads what stands on top of a model.
     *
     * @param folder a Hugging Face model folder
     * @return policy or reward model
     * @throws IOException if it cannot be read, or names something that Hone does not run
     */
    public static ModelKind kind(Path folder) throws IOException {
        return described(folder).kind();
    }

    /**
     * Checks everything about a policy's folder that can be known without computing: its shape, that every
     * weight is there whole and in its shape, and its checksums where it has them.
     *
     * @param folder of a {@code LlamaForCausalLM}
     * @return the shape
     * @throws IOException if the folder is not a whole and unaltered policy
     */
    public static LlamaConfig checkPolicy(Path folder) throws IOException {
        LlamaConfig config = read(folder, ModelKind.POLICY).model();
        WeightFiles.open(folder).check(Llama.shapes(config), harmless(config));
        return config;
    }

    /**
     * Checks a reward model's folder as {@link #checkPolicy} does a policy's.
     *
     * @param folder of a {@code LlamaForSequenceClassification} with one label
     * @return the shape
     * @throws IOException if the folder is not a whole and unaltered reward model
     */
    public static LlamaConfig checkRewardModel(Path folder) throws IOException {
        LlamaConfig config = read(folder, ModelKind.REWARD_MODEL).model();
        WeightFiles files = WeightFiles.open(folder);
        files.check(RewardModel.shapes(config, files.has(RewardModel.SAFETY_HEAD)), Set.of());
        return config;
    }

    /**
     * Loads a policy in fp32.
     *
     * @param folder of a {@code LlamaForCausalLM}
     * @param device where its weights go
     * @return the policy, which the caller closes
     * @throws IOException if the folder is not a whole and unaltered policy
     */
    public static Llama loadPolicy(Path folder, Device device) throws IOException {
        return loadPolicy(folder, device, DataType.FLOAT32);
    }

    /**
     * Loads a policy.
     *
     * @param folder of a {@code LlamaForCausalLM}
     * @param device where its weights go
     * @param dataType what they are converted to
     * @return the policy, which the caller closes
     * @throws IOException if the folder is not a whole and unaltered policy
     */
    public static Llama loadPolicy(Path folder, Device device, DataType dataType) throws IOException {
        HuggingFaceConfig config = read(folder, ModelKind.POLICY);
        boolean tied = config.model().tiedEmbeddings();
        Map<String, long[]> shapes = Llama.shapes(config.model());
        WeightFiles files = WeightFiles.open(folder);
        files.check(shapes, harmless(config.model()));
        if (tied && files.has(TIED_HEAD)) {
            checkTied(folder, files);
        }
        return new Llama(config.model(), weights(files, shapes.keySet(), device, dataType));
    }

    /**
     * Loads a reward model in fp32.
     *
     * @param folder of a {@code LlamaForSequenceClassification} with one label
     * @param device where its weights go
     * @return the reward model, which the caller closes
     * @throws IOException if the folder is not a whole and unaltered reward model
     */
    public static RewardModel loadRewardModel(Path folder, Device device) throws IOException {
        return loadRewardModel(folder, device, DataType.FLOAT32);
    }

    /**
     * Loads a reward model.
     *
     * @param folder of a {@code LlamaForSequenceClassification} with one label
     * @param device where its weights go
     * @param dataType what they are converted to
     * @return the reward model, which the caller closes
     * @throws IOException if the folder is not a whole and unaltered reward model
     */
    public static RewardModel loadRewardModel(Path folder, Device device, DataType dataType) throws IOException {
        HuggingFaceConfig config = read(folder, ModelKind.REWARD_MODEL);
        WeightFiles files = WeightFiles.open(folder);
        Map<String, long[]> shapes = RewardModel.shapes(config.model(), files.has(RewardModel.SAFETY_HEAD));
        files.check(shapes, Set.of());
        return new RewardModel(config.model(), weights(files, shapes.keySet(), device, dataType));
    }

    /** Loads whatever is in a folder, in fp32. */
    static Network load(Path folder, Device device) throws IOException {
        return kind(folder) == ModelKind.POLICY ? loadPolicy(folder, device) : loadRewardModel(folder, device);
    }

    /** What may stand in the files of a policy although it is no weight of its own. */
    static Set<String> harmless(LlamaConfig config) {
        return config.tiedEmbeddings() ? Set.of(TIED_HEAD) : Set.of();
    }

    /** Writes a policy or a reward model. */
    static void save(Network model, Path folder, SaveOptions options) throws IOException {
        if (model instanceof Llama policy) {
            savePolicy(policy, folder, options);
        } else {
            saveRewardModel((RewardModel) model, folder, options);
        }
    }

    /**
     * Writes a policy.
     *
     * @param policy what to write
     * @param folder absent, empty, or an older folder that Hone wrote, which is replaced
     * @param dataType of the weights in the files
     * @throws IOException if it cannot be written; an older folder then is still whole
     */
    public static void savePolicy(Llama policy, Path folder, DataType dataType) throws IOException {
        savePolicy(policy, folder, SaveOptions.of(dataType));
    }

    /**
     * Writes a policy.
     *
     * @param policy what to write
     * @param folder absent, empty, or an older folder that Hone wrote, which is replaced
     * @param options type, shards and tokenizer
     * @throws IOException if it cannot be written; an older folder then is still whole
     */
    public static void savePolicy(Llama policy, Path folder, SaveOptions options) throws IOException {
        save(ModelKind.POLICY, policy.config(), policy.parameters(), folder, options);
    }

    /**
     * Writes a reward model.
     *
     * @param rewardModel what to write
     * @param folder absent, empty, or an older folder that Hone wrote, which is replaced
     * @param dataType of the weights in the files
     * @throws IOException if it cannot be written; an older folder then is still whole
     */
    public static void saveRewardModel(RewardModel rewardModel, Path folder, DataType dataType) throws IOException {
        saveRewardModel(rewardModel, folder, SaveOptions.of(dataType));
    }

    /**
     * Writes a reward model.
     *
     * @param rewardModel what to write
     * @param folder absent, empty, or an older folder that Hone wrote, which is replaced
     * @param options type, shards and tokenizer
     * @throws IOException if it cannot be written; an older folder then is still whole
     */
    public static void saveRewardModel(RewardModel rewardModel, Path folder, SaveOptions options) throws IOException {
        save(ModelKind.REWARD_MODEL, rewardModel.config(), rewardModel.parameters(), folder, options);
    }

    private static HuggingFaceConfig described(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new CheckpointException(folder, "no such folder; give the path of a Hugging Face model folder");
        }
        return HuggingFaceConfig.read(folder);
    }

    static HuggingFaceConfig read(Path folder, ModelKind wanted) throws IOException {
        HuggingFaceConfig config = described(folder);
        if (config.kind() != wanted) {
            throw new CheckpointException(
                    folder,
                    "holds a " + config.kind().architecture() + ", and a " + wanted.architecture()
                            + " is wanted; policies and reward models cannot stand in for each other");
        }
        FolderChecksum.verify(folder);
        return config;
    }

    private static Map<String, Tensor> weights(WeightFiles files, Set<String> names, Device device, DataType dataType)
            throws IOException {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        try {
            for (String name : names) {
                weights.put(
                        name,
                        Memory.tidy(
                                () -> files.tensor(name).to(dataType).to(device).keep()));
            }
            return weights;
        } catch (RuntimeException problem) {
            weights.values().forEach(Tensor::close);
            if (problem instanceof UncheckedIOException unreadable) {
                throw unreadable.getCause();
            }
            throw problem;
        }
    }

    private static void checkTied(Path folder, WeightFiles files) throws CheckpointException {
        boolean equal = Memory.tidy(() -> {
            Tensor head = files.tensor(TIED_HEAD);
            Tensor embedding = files.tensor(EMBEDDING);
            return Arrays.equals(head.shape(), embedding.shape())
                    && Reductions.max(Elementwise.abs(head.to(DataType.FLOAT32).sub(embedding.to(DataType.FLOAT32))))
                                    .item()
                            == 0;
        });
        if (!equal) {
            throw new CheckpointException(
                    folder,
                    "config.json has tie_word_embeddings true, and " + TIED_HEAD + " differs from " + EMBEDDING
                            + "; set tie_word_embeddings to false");
        }
    }

    private static void save(
            ModelKind kind, LlamaConfig model, Map<String, Tensor> weights, Path folder, SaveOptions options)
            throws IOException {
        Path source = options.source();
        HuggingFaceConfig config = new HuggingFaceConfig(kind, model, specialTokens(options));
        ReplacedFolder.write(folder, FolderChecksum.MANIFEST, target -> {
            if (source != null) {
                copyTokenizer(source, target);
            }
            DurableFiles.write(
                    target.resolve(HuggingFaceConfig.FILE), Json.pretty(config.toJson(options.dataTypeName())));
            if (kind == ModelKind.POLICY) {
                DurableFiles.write(target.resolve("generation_config.json"), Json.pretty(config.generationJson()));
            }
            WeightFiles.write(target, weights, options.dataType(), options.maxShardBytes());
            FolderChecksum.write(target);
        });
    }

    private static HuggingFaceConfig.SpecialTokens specialTokens(SaveOptions options) throws IOException {
        if (options.source() != null) {
            return HuggingFaceConfig.read(options.source()).specialTokens();
        }
        SaveOptions.ControlTokens ids = options.controlTokens();
        return ids == null ? HuggingFaceConfig.SpecialTokens.ofLlama2() : HuggingFaceConfig.SpecialTokens.of(ids);
    }

    private static void copyTokenizer(Path source, Path target) throws IOException {
        for (String name : TOKENIZER_FILES) {
            if (Files.exists(source.resolve(name))) {
                DurableFiles.write(target.resolve(name), Files.readAllBytes(source.resolve(name)));
            }
        }
    }
}
