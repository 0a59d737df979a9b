package org.hone.spark.recipe;

import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** Reads and validates recipe files. */
public final class RecipeReader {
    private RecipeReader() {}

    /**
     * Reads the recipe of a round.
     *
     * @param yaml the file's text
     * @param file its name, for messages
     * @param variables values of {@code ${name}}
     * @param paths how its paths are spelt out
     * @return the recipe with every default filled in
     * @throws RecipeException if any key is unknown, any value out of range or any combination impossible
     */
    public static ResolvedRecipe<Recipe> read(String yaml, String file, Variables variables, PathResolver paths) {
        return resolve(yaml, file, variables, paths, Recipe::read);
    }

    /**
     * Reads the recipe that is stored with a run of rounds.
     *
     * @param yaml the stored recipe, in which nothing is left to fill in
     * @param run the run's folder, for messages
     * @return the recipe
     * @throws RecipeException if another version of Hone wrote it, with other keys
     */
    public static Recipe readStored(String yaml, String run) {
        return read(yaml, run, new Variables(Map.of()), path -> path).recipe();
    }

    /**
     * Whether a stored recipe is that of a run of rounds, and not of a command that does one thing.
     *
     * @param yaml the stored recipe
     * @param run the run's folder, for messages
     * @return whether it names the model that rounds begin with
     */
    public static boolean isOfRounds(String yaml, String run) {
        return compose(yaml, run) instanceof MappingNode root
                && root.getValue().stream()
                        .anyMatch(entry -> entry.getKeyNode() instanceof ScalarNode key
                                && key.getValue().equals(Recipe.BASE_MODEL));
    }

    /**
     * Reads the recipe of a team's data.
     *
     * @param yaml the file's text
     * @param file its name, for messages
     * @param variables values of {@code ${name}}
     * @param paths how its paths are spelt out
     * @return the recipe with every default filled in
     * @throws RecipeException if any key is unknown, any value out of range or any combination impossible
     */
    public static ResolvedRecipe<DataRecipe> readData(
            String yaml, String file, Variables variables, PathResolver paths) {
        return resolve(yaml, file, variables, paths, DataRecipe::read);
    }

    /**
     * Reads the recipe of one training stage.
     *
     * @param kind what is trained, which decides the defaults
     * @param yaml the file's text
     * @param file its name, for messages
     * @param variables values of {@code ${name}}
     * @param paths how its paths are spelt out
     * @return the recipe with every default filled in
     * @throws RecipeException if any key is unknown, any value out of range or any combination impossible
     */
    public static ResolvedRecipe<TrainRecipe> readTraining(
            TrainRecipe.Kind kind, String yaml, String file, Variables variables, PathResolver paths) {
        return resolve(yaml, file, variables, paths, root -> TrainRecipe.read(root, kind));
    }

    /**
     * Reads the recipe of a distillation.
     *
     * @param yaml the file's text
     * @param file its name, for messages
     * @param variables values of {@code ${name}}
     * @param paths how its paths are spelt out
     * @return the recipe with every default filled in
     * @throws RecipeException if any key is unknown, any value out of range or any combination impossible
     */
    public static ResolvedRecipe<DistillRecipe> readDistillation(
            String yaml, String file, Variables variables, PathResolver paths) {
        return resolve(yaml, file, variables, paths, DistillRecipe::read);
    }

    private static <R> ResolvedRecipe<R> resolve(
            String yaml, String file, Variables variables, PathResolver paths, Function<Section, R> read) {
        Problems problems = new Problems(file);
        Section root = new Section("", compose(yaml, file), problems, variables, paths);
        R recipe = read.apply(root);
        root.finish();
        problems.throwIfAny();
        return new ResolvedRecipe<>(recipe, root.resolved(), root.defaults());
    }

    private static Node compose(String yaml, String file) {
        try {
            Node node = new Yaml(new SafeConstructor(new LoaderOptions())).compose(new StringReader(yaml));
            if (node == null) {
                throw new RecipeException(List.of(file + ": is empty; see conf/recipes for what a recipe needs"));
            }
            return node;
        } catch (MarkedYAMLException e) {
            throw new RecipeException(List.of(file + ":" + (e.getProblemMark().getLine() + 1) + ": not YAML: "
                    + e.getProblem() + "; check indentation and quotes there"));
        }
    }
}
