package org.hone.spark.recipe;

import org.hone.data.importer.Format;
import org.jspecify.annotations.Nullable;

/**
 * A set that models are evaluated with, so that nothing of it may be trained on.
 *
 * @param name its name, in the table of removed rows
 * @param path raw files, as a Hadoop path
 * @param format what their records mean; null: told by the first records of each file
 */
public record EvaluationSetRecipe(
        String name, String path, @Nullable Format format) {
    static EvaluationSetRecipe read(Section section) {
        return new EvaluationSetRecipe(
                SourceNames.read(section), section.path("path"), DataSourceRecipe.format(section));
    }
}
