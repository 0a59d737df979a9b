package org.hone.spark.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.hone.spark.recipe.DataRecipe;
import org.hone.spark.recipe.RecipeReader;
import org.hone.spark.recipe.ResolvedRecipe;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the commands on data have in common: the folder they work in, and the recipe's variables. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class DataInput {
    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FOLDER",
            description = "the data folder: tables, curated tables, shards (file:, hdfs:, s3a:, or a local path)")
    private String folder;

    @Mixin
    private RecipeVariables variables;

    String folder() {
        return folder;
    }

    ResolvedRecipe<DataRecipe> recipe(Path file) throws IOException {
        return variables.read(file, RecipeReader::readData);
    }
}
