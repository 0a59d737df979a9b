package org.hone.spark.prepare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.hone.spark.importer.ImportSource;
import org.hone.spark.recipe.DataRecipe;
import org.hone.spark.recipe.DataSourceRecipe;
import org.hone.spark.run.Storage;

/** The files that sources are made of. */
public final class Sources {
    private Sources() {}

    /**
     * The sources of a recipe.
     *
     * @param spark the session
     * @param recipe the recipe
     * @return its sources with their files
     * @throws IOException if a folder cannot be listed
     */
    public static List<ImportSource> of(SparkSession spark, DataRecipe recipe) throws IOException {
        List<ImportSource> sources = new ArrayList<>();
        for (DataSourceRecipe source : recipe.sources()) {
            List<String> files = files(spark, List.of(source.path()));
            sources.add(new ImportSource(source.name(), files, source.format(), source.week(), source.licence()));
        }
        return sources;
    }

    /**
     * The files that paths stand for.
     *
     * @param spark the session
     * @param paths files, folders or patterns
     * @return the files, in order
     * @throws IOException if a folder cannot be listed
     * @throws IllegalArgumentException if a path stands for none
     */
    public static List<String> files(SparkSession spark, List<String> paths) throws IOException {
        Storage storage = new Storage(spark.sparkContext().hadoopConfiguration());
        List<String> files = new ArrayList<>();
        for (String path : paths) {
            List<String> found = storage.files(path);
            if (found.isEmpty()) {
                throw new IllegalArgumentException(path + ": there is no file; give a file, a folder or a pattern");
            }
            files.addAll(found);
        }
        return files.stream().distinct().toList();
    }
}
