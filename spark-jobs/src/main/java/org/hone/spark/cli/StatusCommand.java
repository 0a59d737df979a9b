package org.hone.spark.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hone.spark.recipe.Recipe;
import org.hone.spark.recipe.RecipeReader;
import org.hone.spark.run.RunFolder;
import org.hone.spark.run.Storage;
import org.hone.spark.session.HoneSession;
import org.hone.spark.stage.RunStages;
import org.hone.spark.stage.Training;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hone status}: how far a run is. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description =
                "Says of every stage of a run whether it is done, begun or, in rounds, still to do. It reads the run's"
                        + " folder alone, so it can be asked while the run goes on.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class StatusCommand implements Callable<Integer> {
    private static final Pattern CHECKPOINT = Pattern.compile("step-0*([1-9][0-9]*)");

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RUN", description = "the run's folder")
    private String run;

    @Override
    public Integer call() throws IOException {
        Storage storage = HoneSession.storage();
        RunFolder folder = RunFolder.existing(storage, run);
        PrintWriter out = spec.commandLine().getOut();
        for (String stage : stages(folder, out)) {
            print(out, stage, state(folder, stage));
        }
        out.flush();
        return ExitCodes.DONE;
    }

    /** The stages, after a line about the run. */
    private List<String> stages(RunFolder folder, PrintWriter out) throws IOException {
        if (!RecipeReader.isOfRounds(folder.recipe(), run)) {
            out.println("Run " + folder.path(""));
            return RunStages.found(folder);
        }
        Recipe recipe = RecipeReader.readStored(folder.recipe(), run);
        out.println("Run " + folder.path("") + ", recipe " + recipe.name());
        List<String> stages = new ArrayList<>(RunStages.beforeRounds(folder));
        for (int round = 1; round <= RunStages.begun(folder); round++) {
            stages.addAll(RunStages.ofRound(folder, recipe, round));
        }
        return stages;
    }

    private static String state(RunFolder folder, String stage) throws IOException {
        if (folder.isDone(stage)) {
            return String.format(
                    Locale.ROOT, "done in %.1f s", folder.report(stage).number("seconds"));
        }
        if (folder.storage().list(folder.path(stage)).isEmpty()) {
            return "to do";
        }
        return folder.storage().list(folder.path(stage + "/" + Training.CHECKPOINTS)).stream()
                .map(CHECKPOINT::matcher)
                .filter(Matcher::matches)
                .mapToInt(name -> Integer.parseInt(name.group(1)))
                .max()
                .stream()
                .mapToObj(step -> "begun, checkpoint of step " + step)
                .findFirst()
                .orElse("begun");
    }

    private static void print(PrintWriter out, String stage, String state) {
        out.printf(Locale.ROOT, "  %-40s %s%n", stage, state);
    }
}
