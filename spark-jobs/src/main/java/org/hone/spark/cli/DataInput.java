package org.hone.spark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.hone.spark.recipe.DataRecipe;
import org.hone.spark.recipe.RecipeReader;
import org.hone.spark.recipe.ResolvedRecipe;
import org.hone.spark.recipe.Variables;
import org.hone.spark.session.HoneSession;
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

    @Option(
            names = {"-D", "--define"},
            paramLabel = "NAME=VALUE",
            description = "value of $${NAME} in the recipe; may be given several times")
    private Map<String, String> variables = new LinkedHashMap<>();

    String folder() {
        return folder;
    }

    ResolvedRecipe<DataRecipe> recipe(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(file + ": there is no such recipe file");
        }
        return RecipeReader.readData(
                Files.readString(file), file.toString(), new Variables(variables), HoneSession.storage()::qualified);
    }
}
