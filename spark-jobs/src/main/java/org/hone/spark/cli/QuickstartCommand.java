package org.hone.spark.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.hone.spark.quickstart.Quickstart;
import org.hone.spark.quickstart.Verdict;
import org.hone.spark.quickstart.WorldSize;
import org.hone.spark.recipe.Recipe;
import org.hone.spark.recipe.RecipeReader;
import org.hone.spark.recipe.ResolvedRecipe;
import org.hone.spark.recipe.Variables;
import org.hone.spark.report.RunReport;
import org.hone.spark.run.RunFolder;
import org.hone.spark.run.StageReport;
import org.hone.spark.run.Storage;
import org.hone.spark.session.HoneSession;
import org.hone.spark.session.Progress;
import org.hone.spark.stage.StageContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hone quickstart}: rounds in a small generated world. */
@Command(
        name = "quickstart",
        mixinStandardHelpOptions = true,
        description =
                "Runs rounds in a small world that Hone generates: no file from outside, a few minutes on two"
                        + " cores. Ends with whether the world's gold reward rose from round to round, and a page that shows it.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class QuickstartCommand implements Callable<Integer> {
    private static final String RECIPE = "/recipes/quickstart.yaml";
    private static final int ROUNDS = 4;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FOLDER",
            defaultValue = "runs/quickstart",
            description = "the run's folder (default: ${DEFAULT-VALUE})")
    private String output;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "of the world and of all that is drawn in it (default: ${DEFAULT-VALUE})")
    private long seed;

    @Mixin
    private LastRound last = new LastRound(ROUNDS);

    @Override
    public Integer call() throws IOException {
        if (last.number() > ROUNDS) {
            throw new IllegalArgumentException("--through: got v" + last.number()
                    + ", the quickstart's world has preferences for v1 to v" + ROUNDS);
        }
        try (SparkSession spark = HoneSession.start("hone quickstart")) {
            HoneSession.interpretQueries(spark);
            Storage storage = new Storage(spark.sparkContext().hadoopConfiguration());
            ResolvedRecipe<Recipe> recipe = RecipeReader.read(
                    text(),
                    "quickstart.yaml",
                    new Variables(Map.of("run", storage.qualified(output), "seed", Long.toString(seed))),
                    storage::qualified);
            RunFolder folder = RunFolder.open(storage, output, recipe);
            StageContext context = new StageContext(spark, recipe.recipe(), folder, 0, Progress.of(spark));
            Map<String, StageReport> reports = Quickstart.run(context, WorldSize.QUICKSTART, last.number());
            RunReport.writeIfOutdated(context);
            PrintWriter out = spec.commandLine().getOut();
            Summary.print(out, folder, reports);
            out.println();
            Verdict.of(reports).forEach(out::println);
            out.println("Page: " + RunReport.path(folder));
            out.flush();
        }
        return ExitCodes.DONE;
    }

    private static String text() throws IOException {
        try (InputStream in = QuickstartCommand.class.getResourceAsStream(RECIPE)) {
            if (in == null) {
                throw new IllegalStateException(RECIPE + " is not in the jar; build it again");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
