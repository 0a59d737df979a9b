package org.hone.spark.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.llama.LlamaConfig;
import org.hone.model.training.MemoryNeed;
import org.hone.spark.recipe.LoraRecipe;
import org.hone.spark.recipe.OptimizationRecipe;
import org.hone.spark.recipe.TrainingRecipe;
import org.hone.spark.run.Storage;

/** What the ranks of a job need of a machine's memory, and whether it has that. */
public final class RankMemory {
    private static final double GIBIBYTE = 1L << 30;
    private static final double MEBIBYTE = 1L << 20;
    private static final String CONFIG = "config.json";

    private RankMemory() {}

    /**
     * What is trained, as the estimate wants it.
     *
     * @param config the model's shape
     * @param ranking whether it is a reward model
     * @param training how the ranks work together
     * @param optimization the optimiser
     * @param longestRow tokens of the longest row of the shards
     * @return the setup
     */
    public static MemoryNeed.Setup setup(
            LlamaConfig config,
            boolean ranking,
            TrainingRecipe training,
            OptimizationRecipe optimization,
            long longestRow) {
        LoraRecipe lora = optimization.lora();
        // rows are spread evenly over the lanes, so few and short rows never fill a microbatch
        long spread = (optimization.batchSize() * longestRow + training.gradientLanes() - 1) / training.gradientLanes();
        long tokens = Math.min(Math.max(optimization.microBatchTokens(), longestRow), spread + longestRow);
        return new MemoryNeed.Setup(
                config,
                ranking,
                training.precision().dataType(),
                training.activationCheckpointing(),
                training.gradientLanes(),
                tokens,
                lora.isUsed() ? lora.settings() : null);
    }

    /**
     * Reads the shape of a model without its weights, wherever it lies.
     *
     * @param storage the file systems
     * @param folder a Hugging Face folder, as a Hadoop path
     * @return the shape
     * @throws IOException if it cannot be read, or names something that Hone does not run
     */
    public static LlamaConfig config(Storage storage, String folder) throws IOException {
        Path copy = Files.createTempDirectory("hone-config-");
        try {
            Files.writeString(copy.resolve(CONFIG), storage.readText(folder + "/" + CONFIG));
            return HuggingFaceFolder.config(copy);
        } finally {
            Files.deleteIfExists(copy.resolve(CONFIG));
            Files.delete(copy);
        }
    }

    static MemoryNeed of(TrainingJob job, int ranks) throws IOException {
        LlamaConfig config = config(new Storage(job.hadoop().value()), job.initialModel());
        boolean ranking = job.objective() == TrainingJob.Objective.RANKING;
        long longestRow = job.manifest().figures().maxRowTokens();
        return MemoryNeed.of(setup(config, ranking, job.training(), job.optimization(), longestRow), ranks);
    }

    /**
     * Refuses to train where the ranks of a machine need more main memory than it has.
     *
     * @param name the stage's name
     * @param need of a rank
     * @param ranks how many run on the machine
     * @param available bytes that it has
     * @throws IllegalArgumentException if it is not enough
     */
    static void check(String name, MemoryNeed need, int ranks, long available) {
        long all = need.bytes() * ranks;
        if (all > available) {
            throw new IllegalArgumentException(name + ": " + ranks + (ranks == 1 ? " rank needs " : " ranks need ")
                    + size(all) + " of this machine's memory (" + told(need) + " each), and it has "
                    + size(available)
                    + "; set training.activation-checkpointing, lower optimization.micro-batch-tokens or"
                    + " training.gradient-lanes, run fewer ranks on a machine, or use larger machines");
        }
    }

    /** One line with every part. */
    static String told(MemoryNeed need) {
        return need.parts().stream()
                .filter(part -> part.bytes() > 0)
                .map(part -> part.name() + " " + size(part.bytes()))
                .collect(Collectors.joining(", "));
    }

    /** A number of bytes for a person. */
    static String size(long bytes) {
        return bytes < GIBIBYTE
                ? String.format(Locale.ROOT, "%.0f MiB", bytes / MEBIBYTE)
                : String.format(Locale.ROOT, "%,.1f GiB", bytes / GIBIBYTE);
    }
}
