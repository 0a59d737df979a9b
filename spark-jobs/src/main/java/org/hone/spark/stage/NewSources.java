package org.hone.spark.stage;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.hone.spark.recipe.Recipe;
import org.hone.spark.recipe.RecipeReader;
import org.hone.spark.recipe.SourceRecipe;
import org.hone.spark.run.RunFolder;
import org.hone.spark.run.Storage;

/** Every week brings preferences: sources of rounds that have not begun may be added to a run's recipe, or changed in it. */
public final class NewSources {
    private NewSources() {}

    /**
     * What of a recipe no round has read yet.
     *
     * @param storage the file systems
     * @param root the run's folder, started or not
     * @param recipe the recipe as it is now
     * @return beginnings of the keys of such sources
     * @throws IOException if the folder cannot be read
     */
    public static List<String> unread(Storage storage, String root, Recipe recipe) throws IOException {
        if (!RunFolder.isStarted(storage, root)) {
            return List.of();
        }
        RunFolder folder = RunFolder.existing(storage, root);
        Recipe stored = RecipeReader.readStored(folder.recipe(), root);
        if (!stored.preferences().axes().equals(recipe.preferences().axes())) {
            // another axis is another reward model in every round
            return List.of();
        }
        int begun = RunStages.begun(folder);
        List<SourceRecipe> sources = recipe.preferences().sources();
        return IntStream.range(0, sources.size())
                .filter(i -> sources.get(i).fromRound() > begun)
                .mapToObj(i -> "preferences.sources[" + i + "].")
                .toList();
    }
}
