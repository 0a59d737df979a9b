package org.hone.spark.stage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.hone.data.template.ChatTemplate;
import org.hone.spark.recipe.Recipe;
import org.hone.spark.recipe.RecipeException;
import org.hone.spark.recipe.SourceRecipe;
import org.hone.spark.run.Storage;
import org.hone.spark.session.Slots;

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
        new PolicyFit(
                        "base-model",
                        "base model",
                        recipe.baseModel(),
                        recipe.tokenizer(),
                        recipe.maxLength(),
                        preflight.hadoop)
                .check(preflight.problems);
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
}
