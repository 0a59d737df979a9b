package org.hone.spark.recipe;

import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * A recipe with the file's values and every default filled in, as stored with each output.
 *
 * @param recipe the validated recipe
 * @param values the same as nested keys and values
 * @param defaults keys such as {@code training.ranks} whose value is the one that they have where they are left out
 * @param <R> what the recipe is for
 */
public record ResolvedRecipe<R>(R recipe, Map<String, Object> values, Set<String> defaults) {
    /**
     * A recipe that leaves nothing out.
     *
     * @param recipe the validated recipe
     * @param values the same as nested keys and values
     */
    public ResolvedRecipe(R recipe, Map<String, Object> values) {
        this(recipe, values, Set.of());
    }

    /**
     * The recipe as YAML with every default written out.
     *
     * @return the text; equal recipes give equal texts
     */
    public String yaml() {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setLineBreak(DumperOptions.LineBreak.UNIX);
        return new Yaml(options).dump(values);
    }
}
