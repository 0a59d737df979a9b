package org.hone.spark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.hone.spark.recipe.PathResolver;
import org.hone.spark.recipe.ResolvedRecipe;
import org.hone.spark.recipe.Variables;
import org.hone.spark.session.HoneSession;
import picocli.CommandLine.Option;

/** The values of a recipe's variables on the command line, and how its file is read with them. */
final class RecipeVariables {
    @Option(
            names = {"-D", "--define"},
            paramLabel = "NAME=VALUE",
            description = "value of $${NAME} in the recipe; may be given several times")
    private Map<String, String> values = new LinkedHashMap<>();

    /** One of the recipe reader's methods. */
    interface Reading<R> {
        ResolvedRecipe<R> read(String yaml, String file, Variables variables, PathResolver paths);
    }

    <R> ResolvedRecipe<R> read(Path file, Reading<R> reading) throws IOException {
        return read(file, new Variables(values), reading);
    }

    /** Of variables without a value the names stay. */
    <R> ResolvedRecipe<R> readLeniently(Path file, Reading<R> reading) throws IOException {
        return read(file, Variables.lenient(values), reading);
    }

    private static <R> ResolvedRecipe<R> read(Path file, Variables variables, Reading<R> reading) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(file + ": there is no such recipe file");
        }
        return reading.read(Files.readString(file), file.toString(), variables, HoneSession.storage()::qualified);
    }
}
