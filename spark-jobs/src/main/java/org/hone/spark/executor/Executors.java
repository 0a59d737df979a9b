package org.hone.spark.executor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.llama.Int8Weights;
import org.hone.model.llama.Llama;
import org.hone.model.llama.RewardModel;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.Threads;

/** Models and tokenizers of this executor, and the device that Spark gave to the running task. */
public final class Executors {
    private static final Shared<Llama> POLICIES = new Shared<>(policy -> policy::close);
    private static final Shared<RewardModel> REWARD_MODELS = new Shared<>(model -> model::close);
    private static final Shared<Tokenizer> TOKENIZERS = new Shared<>(tokenizer -> tokenizer::close);

    private Executors() {}

    /**
     * The device of the running task: the GPU that Spark assigned to it, else the CPU with as many threads as
     * the task has cores.
     *
     * @return the device
     */
    public static Device device() {
        TaskContext task = TaskContext.get();
        Threads.use(Math.max(1, task.cpus()));
        ResourceInformation gpu = task.resourcesJMap().get("gpu");
        return gpu == null ? Device.cpu() : Device.cuda(Integer.parseInt(gpu.addresses()[0]));
    }

    /**
     * A policy to sample from, loaded once an executor, lent until the running task ends.
     *
     * @param folder its Hugging Face folder, as a Hadoop path
     * @param weights what its matrices are kept as
     * @param hadoop the file systems' configuration
     * @return the policy; not to be trained
     */
    public static Llama policy(String folder, SamplingWeights weights, Configuration hadoop) {
        Device device = device();
        Path local = LocalCopies.of(folder, hadoop);
        return POLICIES.borrow(
                key(local, device) + "@" + weights,
                () -> load(folder, () -> switch (weights) {
                    case FLOAT32 -> HuggingFaceFolder.loadPolicy(local, device);
                    case BFLOAT16 -> HuggingFaceFolder.loadPolicy(local, device, DataType.BFLOAT16);
                    case INT8 -> Int8Weights.of(HuggingFaceFolder.loadPolicy(local, device));
                }));
    }

    /**
     * A reward model, loaded once an executor, lent until the running task ends.
     *
     * @param folder its Hugging Face folder, as a Hadoop path
     * @param hadoop the file systems' configuration
     * @return the reward model
     */
    public static RewardModel rewardModel(String folder, Configuration hadoop) {
        Device device = device();
        Path local = LocalCopies.of(folder, hadoop);
        return REWARD_MODELS.borrow(
                key(local, device), () -> load(folder, () -> HuggingFaceFolder.loadRewardModel(local, device)));
    }

    /**
     * A tokenizer, loaded once an executor, lent until the running task ends.
     *
     * @param path its file or folder, as a Hadoop path
     * @param hadoop the file systems' configuration
     * @return the tokenizer
     */
    public static Tokenizer tokenizer(String path, Configuration hadoop) {
        Path local = LocalCopies.of(path, hadoop);
        return TOKENIZERS.borrow(key(local, Device.cpu()), () -> load(path, () -> Tokenizer.open(local)));
    }

    /**
     * The running task's share of the executor's memory, for keys and values of tokens that it samples. Models are loaded before.
     *
     * @return bytes
     */
    public static long cacheBytes() {
        return CacheMemory.ofTask();
    }

    private interface Loader<T> {
        T load() throws IOException;
    }

    private static <T> T load(String name, Loader<T> loader) {
        try {
            return loader.load();
        } catch (IOException e) {
            throw new UncheckedIOException(name + ": " + e.getMessage(), e);
        }
    }

    /** A folder that was written again is another model, although its name is the same. */
    private static String key(Path local, Device device) {
        Path dated = Files.isDirectory(local) ? local.resolve("config.json") : local;
        try {
            Path existing = Files.exists(dated) ? dated : local;
            return local + "@" + Files.getLastModifiedTime(existing) + "@" + device;
        } catch (IOException e) {
            throw new UncheckedIOException(local + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
