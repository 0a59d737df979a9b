package org.hone.spark.stage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.hone.data.template.ChatTemplate;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.llama.LlamaConfig;
import org.hone.spark.executor.LocalCopies;
import org.hone.spark.recipe.Recipe;
import org.hone.spark.recipe.RecipeException;
import org.hone.spark.recipe.SourceRecipe;
import org.hone.spark.run.Storage;
import org.hone.spark.session.Slots;
import org.jspecify.annotations.Nullable;

/** What can be found out about a recipe before anything starts: its files, and how they fit together. */
public final class Preflight {
    private final List<String> problems = new ArrayList<>();
    private final Recipe recipe;
    private final Configuration hadoop;

    private Preflight(Recipe recipe, Configuration hadoop) {
        this.recipe = recipe;
        this.hadoop = hadoop;
    }

    /**
     * Checks a recipe against the files that it names and the cluster that it is to run on.
     *
     * @param recipe the recipe
     * @param through the last round that is to run; sources of later rounds need not be there yet
     * @param spark the session
     * @throws RecipeException if anything is missing, broken, or does not fit
     */
    public static void check(Recipe recipe, int through, SparkSession spark) {
        Preflight preflight = new Preflight(recipe, spark.sparkContext().hadoopConfiguration());
        preflight.template();
        preflight.sources(through);
        preflight.model();
        if (!preflight.problems.isEmpty()) {
            throw new RecipeException(preflight.problems);
        }
        Slots.await(
                spark.sparkContext(),
                recipe.training().ranks(),
                recipe.training().gradientLanes());
    }

    private void template() {
        try {
            ChatTemplate.named(recipe.template());
        } catch (IllegalArgumentException e) {
            problems.add("template: " + e.getMessage());
        }
    }

    private void sources(int through) {
        Storage storage = new Storage(hadoop);
        for (SourceRecipe source : recipe.preferences().sources()) {
            if (source.fromRound() > through) {
                continue;
            }
            try {
                if (storage.files(source.path()).isEmpty()) {
                    problems.add("preferences.sources: " + source.name() + ": no file at " + source.path()
                            + "; check the path, and the -D values that it is made of");
                }
            } catch (IOException | IllegalArgumentException e) {
                problems.add("preferences.sources: " + source.name() + ": " + source.path() + ": " + e.getMessage());
            }
        }
    }

    private void model() {
        LlamaConfig config = baseModel();
        Integer pieces = pieces();
        if (config == null || pieces == null) {
            return;
        }
        if (pieces > config.vocabularySize()) {
            problems.add("tokenizer: " + recipe.tokenizer() + " has " + pieces + " pieces, but " + recipe.baseModel()
                    + " has vocab_size " + config.vocabularySize()
                    + "; give the tokenizer that the model was trained with");
        }
        if (recipe.maxLength() > config.contextLength()) {
            problems.add("max-length: " + recipe.maxLength() + " is more than the base model's context of "
                    + config.contextLength() + " tokens; use at most that");
        }
    }

    private @Nullable LlamaConfig baseModel() {
        try {
            Path folder = existing("base-model", recipe.baseModel());
            if (folder == null) {
                return null;
            }
            return HuggingFaceFolder.checkPolicy(folder);
        } catch (IOException | IllegalArgumentException e) {
            problems.add("base-model: " + e.getMessage());
            return null;
        }
    }

    private @Nullable Integer pieces() {
        try {
            Path path = existing("tokenizer", recipe.tokenizer());
            if (path == null) {
                return null;
            }
            try (Tokenizer tokenizer = Tokenizer.open(path)) {
                return tokenizer.vocabularySize();
            }
        } catch (IOException | IllegalArgumentException e) {
            problems.add("tokenizer: " + e.getMessage());
            return null;
        }
    }

    private @Nullable Path existing(String key, String uri) throws IOException {
        if (!new Storage(hadoop).exists(uri)) {
            problems.add(
                    key + ": there is nothing at " + uri + "; check the path, and the -D values that it is made of");
            return null;
        }
        Path local = LocalCopies.of(uri, hadoop);
        return Files.exists(local) ? local : null;
    }
}
