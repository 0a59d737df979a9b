package org.hone.spark.importer;

import java.io.Serializable;
import org.hone.spark.recipe.SourceRecipe;
import org.jspecify.annotations.Nullable;

/**
 * A file to import.
 *
 * @param file its Hadoop path
 * @param source the data set that it belongs to
 * @param format how it is written
 * @param week the weekly batch of its rows, null if not known
 */
public record SourceFile(
        String file,
        String source,
        SourceRecipe.Format format,
        @Nullable Integer week) implements Serializable {
    /**
     * A file of a source.
     *
     * @param file its Hadoop path
     * @param source the source
     * @return the file to import
     */
    public static SourceFile of(String file, SourceRecipe source) {
        return new SourceFile(file, source.name(), source.format(), source.week());
    }
}
