package org.hone.spark.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.hone.spark.recipe.Recipe;
import org.hone.spark.recipe.RecipeReader;
import org.hone.spark.recipe.ResolvedRecipe;
import org.hone.spark.run.RunFolder;
import org.hone.spark.run.StageReport;
import org.hone.spark.run.Storage;
import org.hone.spark.session.HoneSession;
import org.hone.spark.session.Progress;
import org.hone.spark.stage.NewSources;
import org.hone.spark.stage.Preflight;
import org.hone.spark.stage.Round;
import org.hone.spark.stage.StageContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hone round}: rounds of rejection sampling from a recipe. */
@Command(
        name = "round",
        mixinStandardHelpOptions = true,
        description =
                "Runs rounds of rejection sampling: import, SFT, reward models, K samples a prompt, the best of the"
                        + " pool, fine-tuning, evaluation. Started again, it goes on where it stopped; with a later round, it goes"
                        + " on from there.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class RoundCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RECIPE", description = "the recipe, a YAML file; see conf/recipes")
    private Path recipeFile;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FOLDER",
            description = "the run's folder (file:, hdfs:, s3a:, or a local path)")
    private String output;

    @Mixin
    private LastRound last = new LastRound(1);

    @Mixin
    private RecipeVariables variables;

    @Override
    public Integer call() throws IOException {
        ResolvedRecipe<Recipe> recipe = variables.read(recipeFile, RecipeReader::read);
        try (SparkSession spark = HoneSession.start(
                "hone round " + recipe.recipe().name(),
                recipe.recipe().training().peerTimeout())) {
            Preflight.check(recipe.recipe(), last.number(), spark);
            Storage storage = new Storage(spark.sparkContext().hadoopConfiguration());
            RunFolder folder =
                    RunFolder.open(storage, output, recipe, NewSources.unread(storage, output, recipe.recipe()));
            StageContext context = new StageContext(spark, recipe.recipe(), folder, 0, Progress.of(spark));
            Map<String, StageReport> reports = Round.runThrough(context, last.number());
            Summary.print(spec.commandLine().getOut(), folder, reports);
        }
        return ExitCodes.DONE;
    }
}
