package org.hone.spark.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.model.llama.LlamaConfig;
import org.hone.model.llama.ModelShape;
import org.hone.model.training.MemoryNeed;
import org.hone.spark.recipe.ModelRecipe;
import org.hone.spark.recipe.TrainRecipe;
import org.hone.spark.run.Storage;
import org.hone.spark.shard.ShardManifest;
import org.hone.spark.training.RankMemory;
import org.jspecify.annotations.Nullable;

/** What a rank of a training recipe needs of memory, as a table: a line a part, a column a number of ranks. */
final class MemoryTable {
    /** Pieces of Llama 2's tokenizer, for a recipe whose own is not there. */
    private static final int PIECES = 32_000;

    private static final double BILLION = 1e9;
    private static final double GIBIBYTE = 1L << 30;

    private final TrainRecipe.Kind kind;
    private final TrainRecipe recipe;
    private final Storage storage;

    MemoryTable(TrainRecipe.Kind kind, TrainRecipe recipe, Storage storage) {
        this.kind = kind;
        this.recipe = recipe;
        this.storage = storage;
    }

    /** Prints the table; the shape is that of the recipe's model unless one is named. */
    void print(PrintWriter out, @Nullable String shape) throws IOException {
        LlamaConfig config = shape == null ? config() : ModelShape.named(shape).config();
        boolean ranking = kind == TrainRecipe.Kind.REWARD_MODEL;
        MemoryNeed.Setup setup =
                RankMemory.setup(config, ranking, recipe.training(), recipe.optimization(), longestRow(config));
        List<Integer> ranks = ranks();
        List<MemoryNeed> needs =
                ranks.stream().map(count -> MemoryNeed.of(setup, count)).toList();
        out.printf(
                Locale.ROOT,
                "%s: %s of %.2f billion weights in %s%s, microbatches of %,d tokens, %d gradient lanes%n",
                recipe.name(),
                kind.command(),
                setup.weights() / BILLION,
                recipe.training().precision().name().toLowerCase(Locale.ROOT),
                setup.recompute() ? " with activation checkpointing" : "",
                setup.tokens(),
                setup.lanes());
        line(
                out,
                "GiB a rank, of",
                ranks.stream()
                        .map(count -> count + (count == 1 ? " rank" : " ranks"))
                        .toList());
        List<MemoryNeed.Part> most = needs.get(needs.size() - 1).parts();
        for (int part = 0; part < most.size(); part++) {
            int number = part;
            line(
                    out,
                    most.get(part).name(),
                    needs.stream().map(need -> shown(need, number)).toList());
        }
        line(out, "in all", needs.stream().map(need -> gibibytes(need.bytes())).toList());
        out.println("In main memory each executor's Java process comes on top: its heap, and some 0.5 GiB.");
        out.flush();
    }

    private static void line(PrintWriter out, String name, List<String> columns) {
        out.printf(
                "  %-24s%s%n",
                name, columns.stream().map(text -> String.format("%12s", text)).collect(Collectors.joining()));
    }

    private static String shown(MemoryNeed need, int part) {
        return part < need.parts().size() ? gibibytes(need.parts().get(part).bytes()) : gibibytes(0);
    }

    private static String gibibytes(long bytes) {
        double number = bytes / GIBIBYTE;
        return String.format(Locale.ROOT, number > 0 && number < 1 ? "%.3f" : "%.1f", number);
    }

    /** 1, 8 and 64 as far as there are lanes for them, or what the recipe says. */
    private List<Integer> ranks() {
        TreeSet<Integer> counts = new TreeSet<>(List.of(1, 8, 64));
        counts.add(recipe.training().gradientLanes());
        counts.removeIf(count -> count > recipe.training().gradientLanes());
        if (recipe.training().ranks() > 0) {
            counts.add(recipe.training().ranks());
        }
        return List.copyOf(counts);
    }

    private LlamaConfig config() throws IOException {
        ModelRecipe fresh = recipe.model();
        if (fresh != null) {
            return fresh.config(pieces());
        }
        String folder = recipe.initialModel("");
        if (!storage.exists(folder + "/config.json")) {
            throw new IllegalArgumentException("start-from: there is no model at " + folder
                    + "; give its folder, or the shape that it has: --shape "
                    + ModelShape.LLAMA_2_7B.label());
        }
        return RankMemory.config(storage, folder);
    }

    private int pieces() throws IOException {
        Path file = Path.of(
                new org.apache.hadoop.fs.Path(recipe.tokenizer()).toUri().getPath());
        if (!Files.exists(file)) {
            return PIECES;
        }
        try (Tokenizer tokenizer = Tokenizer.open(file)) {
            return tokenizer.vocabularySize();
        }
    }

    /** Of the shards if they are there; else rows fill the context, and both responses of a pair do. */
    private long longestRow(LlamaConfig config) throws IOException {
        if (!storage.list(recipe.shards()).isEmpty()) {
            return ShardManifest.read(storage, recipe.shards()).figures().maxRowTokens();
        }
        return (kind == TrainRecipe.Kind.REWARD_MODEL ? 2L : 1L) * config.contextLength();
    }
}
