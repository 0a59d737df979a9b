package org.hone.spark.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.hone.spark.recipe.Recipe;
import org.hone.spark.recipe.RecipeReader;
import org.hone.spark.recipe.ResolvedRecipe;
import org.hone.spark.recipe.Variables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class RunFolderTest {
    private final Storage storage = new Storage(new Configuration());

    @TempDir
    private Path folder;

    private static ResolvedRecipe<Recipe> recipe(String more) {
        String yaml =
                "name: x\nbase-model: m\npreferences: {sources: [{name: a, path: p, fine-tuning-target: true}]}\n";
        return RecipeReader.read(yaml + more, "recipe.yaml", new Variables(Map.of()), path -> path);
    }

    @Test
    void aStageIsDoneOnceItIsCommitted() throws IOException {
        RunFolder run = RunFolder.open(storage, folder.resolve("run").toString(), recipe(""));
        assertThat(run.isDone("sft")).isFalse();
        run.commit("sft", new StageReport(Map.of("steps", 7)));
        RunFolder again = RunFolder.open(storage, folder.resolve("run").toString(), recipe(""));
        assertThat(again.isDone("sft")).isTrue();
        assertThat(again.report("sft").number("steps")).isEqualTo(7);
    }

    @Test
    void clearingKeepsCheckpointsOnly() throws IOException {
        RunFolder run = RunFolder.open(storage, folder.resolve("run").toString(), recipe(""));
        Path stage = folder.resolve("run/sft");
        Files.createDirectories(stage.resolve("checkpoints/step-1"));
        Files.createDirectories(stage.resolve("model"));
        run.clear("sft", List.of("checkpoints"));
        assertThat(stage.resolve("checkpoints/step-1")).exists();
        assertThat(stage.resolve("model")).doesNotExist();
    }

    @Test
    void anotherRecipeIsRefusedKeyByKey() throws IOException {
        String run = folder.resolve("run").toString();
        RunFolder.open(storage, run, recipe("seed: 1\n"));
        assertThatThrownBy(() -> RunFolder.open(storage, run, recipe("seed: 2\n")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("seed: the run has 1, the recipe now says 2");
    }

    /** A machine fewer, or a disk that is small: the run goes on as it can. */
    @Test
    void howTrainingIsSpreadMayChange() throws IOException {
        String run = folder.resolve("run").toString();
        RunFolder.open(storage, run, recipe("training: {ranks: 4, gradient-lanes: 8}\n"));
        ResolvedRecipe<Recipe> smaller = recipe("training: {ranks: 2, gradient-lanes: 8, checkpoints-to-keep: 1}\n");
        RunFolder.open(storage, run, smaller);
        assertThat(storage.readText(run + "/recipe.yaml")).isEqualTo(smaller.yaml());
        assertThatThrownBy(() -> RunFolder.open(storage, run, recipe("training: {ranks: 4, gradient-lanes: 4}\n")))
                .hasMessageContaining("training.gradient-lanes: the run has 8, the recipe now says 4")
                .hasMessageNotContaining("training.ranks");
    }

    /** A run of five weekly rounds outlives a version of Hone. */
    @Test
    void aKeyThatAnOlderHoneDidNotKnowMayBeLeftOut() throws IOException {
        String run = folder.resolve("run").toString();
        ResolvedRecipe<Recipe> now = recipe("");
        String older =
                now.yaml().replaceFirst("(?m)^ +zero-head: false\n", "").replaceFirst("(?m)^ +head-seed: null\n", "");
        assertThat(older.lines().count()).isEqualTo(now.yaml().lines().count() - 2);
        storage.writeText(run + "/recipe.yaml", older);
        String asked = "reward-model: {head-seed: 0, zero-head: false}\n";
        assertThatThrownBy(() -> RunFolder.open(storage, run, recipe(asked)))
                .hasMessageContaining("reward-model.head-seed: the run has nothing, the recipe now says 0")
                .hasMessageNotContaining("zero-head");
        assertThat(storage.readText(run + "/recipe.yaml")).isEqualTo(older);
        RunFolder.open(storage, run, now);
        assertThat(storage.readText(run + "/recipe.yaml")).isEqualTo(now.yaml());
    }

    @Test
    void aFolderOfSomethingElseIsRefused() throws IOException {
        Files.writeString(folder.resolve("thesis.txt"), "precious");
        assertThatThrownBy(() -> RunFolder.open(storage, folder.toString(), recipe("")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("holds files but no recipe.yaml");
    }

    /** A disk that is full from the start, or a kill then. */
    @Test
    void aRecipeThatWasCutShortIsWrittenAnew() throws IOException {
        Files.writeString(folder.resolve(".recipe.yaml.tmp"), "na");
        ResolvedRecipe<Recipe> recipe = recipe("");
        RunFolder.open(storage, folder.toString(), recipe);
        assertThat(storage.readText(folder + "/recipe.yaml")).isEqualTo(recipe.yaml());
        assertThat(storage.list(folder.toString())).containsExactly("recipe.yaml");
    }

    @Test
    void textsAreReplacedWhole() throws IOException {
        String file = folder.resolve("text.json").toString();
        storage.writeText(file, "one");
        storage.writeText(file, "two");
        assertThat(storage.readText(file)).isEqualTo("two");
        assertThat(storage.list(folder.toString())).contains("text.json").doesNotContain(".text.json.tmp");
    }
}
