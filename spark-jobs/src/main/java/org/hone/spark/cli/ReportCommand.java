package org.hone.spark.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.hone.spark.recipe.Recipe;
import org.hone.spark.recipe.RecipeReader;
import org.hone.spark.report.RunReport;
import org.hone.spark.run.RunFolder;
import org.hone.spark.session.HoneSession;
import org.hone.spark.session.Progress;
import org.hone.spark.stage.StageContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hone report}: a page about a run of rounds. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description =
                "Writes RUN/report.html, one page that opens without a network: accuracy and calibration of the reward models,"
                        + " reward by number of samples, what each round gained, selected and cost, and responses of every round"
                        + " side by side. A run that is not finished is shown as far as it is.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class ReportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RUN", description = "the run's folder")
    private String run;

    @Override
    public Integer call() throws IOException {
        RunFolder folder = RunFolder.existing(HoneSession.storage(), run);
        Recipe recipe = RecipeReader.readStored(folder.recipe(), run);
        try (SparkSession spark = HoneSession.start("hone report")) {
            // few of its questions are about more than some thousand rows, and each is asked once
            HoneSession.interpretQueries(spark);
            RunReport.write(new StageContext(spark, recipe, folder, 0, Progress.of(spark)));
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println("Page: " + RunReport.path(folder));
        out.flush();
        return ExitCodes.DONE;
    }
}
