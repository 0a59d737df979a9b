package org.hone.spark.recipe;

import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * A recipe with the file's values and every default filled in, as stored with each output.
 *
 * @param recipe the validated recipe
 * @param values the same as nested keys and values
 * @param <R> what the recipe is for
 */
public record ResolvedRecipe<R>(R recipe, Map<String, Object> values) {
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
