package org.hone.spark.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.hone.spark.recipe.DistillRecipe;
import org.hone.spark.recipe.RecipeReader;
import org.hone.spark.recipe.ResolvedRecipe;
import org.hone.spark.run.StageReport;
import org.hone.spark.run.Storage;
import org.hone.spark.session.HoneSession;
import org.hone.spark.session.Progress;
import org.hone.spark.stage.DistillRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hone distill}: another policy learns what a run selected. */
@Command(
        name = "distill",
        mixinStandardHelpOptions = true,
        description =
                "Fine-tunes another policy, usually a smaller one, on the responses that a round of a run selected: by"
                        + " their text, in its own tokens and template. Started again, it goes on where it stopped.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class DistillCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "RECIPE",
            description = "the recipe, a YAML file: from, start-from, optimization; see conf/recipes/distill.yaml")
    private Path recipeFile;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FOLDER",
            description = "the distillation's folder (file:, hdfs:, s3a:, or a local path)")
    private String output;

    @Mixin
    private RecipeVariables variables;

    @Override
    public Integer call() throws IOException {
        ResolvedRecipe<DistillRecipe> recipe = variables.read(recipeFile, RecipeReader::readDistillation);
        try (SparkSession spark = HoneSession.start(
                "hone distill " + recipe.recipe().name(),
                recipe.recipe().training().peerTimeout())) {
            Map<String, StageReport> reports = DistillRun.run(spark, recipe, output, Progress.of(spark));
            String folder = new Storage(spark.sparkContext().hadoopConfiguration()).qualified(output);
            Summary.print(spec.commandLine().getOut(), "Distillation " + folder, reports);
        }
        return ExitCodes.DONE;
    }
}
