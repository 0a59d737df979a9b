package org.hone.spark.stage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.hone.spark.recipe.Recipe;
import org.hone.spark.recipe.RecipeReader;
import org.hone.spark.recipe.ResolvedRecipe;
import org.hone.spark.recipe.Variables;
import org.hone.spark.run.RunFolder;
import org.hone.spark.run.StageReport;
import org.hone.spark.run.Storage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A run whose first round has begun, and a recipe that the week has changed. */
final class NewSourcesTest {
    private static final String FIRST = "{name: one, path: a, fine-tuning-target: true}";

    @TempDir
    private Path folder;

    private final Storage storage = new Storage(new Configuration());

    private static ResolvedRecipe<Recipe> recipe(String sources) {
        String yaml = "{name: run, base-model: base, preferences: {sources: [" + sources + "]}}";
        return RecipeReader.read(yaml, "recipe.yaml", new Variables(Map.of()), path -> path);
    }

    private RunFolder open(ResolvedRecipe<Recipe> recipe) throws IOException {
        String run = folder.resolve("run").toString();
        return RunFolder.open(storage, run, recipe, NewSources.unread(storage, run, recipe.recipe()));
    }

    private void begin() throws IOException {
        RunFolder run = open(recipe(FIRST + ", {name: two, path: b, from-round: 2}"));
        run.commit("v1/import", new StageReport(Map.of()));
    }

    @Test
    void sourcesOfRoundsToComeMayBeAddedAndChanged() throws IOException {
        begin();
        ResolvedRecipe<Recipe> now =
                recipe(FIRST + ", {name: two, path: elsewhere, from-round: 2}, {name: three, path: c, from-round: 2}");
        assertThat(open(now).recipe()).isEqualTo(now.yaml());
    }

    @Test
    void sourcesThatWereReadMayNot() throws IOException {
        begin();
        assertThatThrownBy(() -> open(recipe(FIRST.replace("path: a", "path: z"))))
                .hasMessageContaining("preferences.sources[0].path: the run has a, the recipe now says z");
        assertThatThrownBy(() -> open(recipe(FIRST + ", {name: two, path: b, from-round: 1}")))
                .hasMessageContaining("preferences.sources[1].from-round: the run has 2, the recipe now says 1");
    }

    @Test
    void anotherAxisIsAnotherRun() throws IOException {
        begin();
        String safety =
                FIRST + ", {name: two, path: b, from-round: 2}, {name: safe, path: c, axis: safety, from-round: 2}";
        assertThatThrownBy(() -> open(recipe(safety))).hasMessageContaining("preferences.sources[2].axis");
    }
}
