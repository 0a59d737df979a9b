package org.hone.spark.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.hone.data.dialogue.Turn;
import org.hone.spark.recipe.Recipe;
import org.hone.spark.recipe.RecipeReader;
import org.hone.spark.run.RunFolder;
import org.hone.spark.session.HoneSession;
import org.hone.spark.session.Progress;
import org.hone.spark.stage.FineTuneStage;
import org.hone.spark.stage.ImportStage;
import org.hone.spark.stage.RunStages;
import org.hone.spark.stage.SampleStage;
import org.hone.spark.stage.ScoreStage;
import org.hone.spark.stage.SelectStage;
import org.hone.spark.stage.StageContext;
import org.hone.spark.table.Columns;
import org.hone.spark.table.Table;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hone lineage}: where a training row came from, and where a candidate went. */
@Command(
        name = "lineage",
        mixinStandardHelpOptions = true,
        description =
                "Says where a row of a run came from: of a candidate, or of a row that a policy was fine-tuned on, the"
                        + " policy, prompt, seed and scores, and the rounds that selected it; of a comparison its source, file and"
                        + " record. A prompt's id lists its candidates of all rounds.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class LineageCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUN", description = "the run's folder")
    private String run;

    @Parameters(
            index = "1",
            paramLabel = "ID",
            description = "the id of a candidate, a fine-tuning row, a comparison or a prompt")
    private String id;

    @Override
    public Integer call() throws IOException {
        RunFolder folder = RunFolder.existing(HoneSession.storage(), run);
        Recipe recipe = RecipeReader.readStored(folder.recipe(), run);
        try (SparkSession spark = HoneSession.start("hone lineage")) {
            StageContext context = new StageContext(spark, recipe, folder, 0, Progress.of(spark));
            List<StageContext> rounds = rounds(context);
            boolean found = candidate(rounds) || prompt(rounds) || comparison(rounds);
            spec.commandLine().getOut().flush();
            if (!found) {
                throw new IllegalArgumentException(id + ": no candidate, prompt or comparison of " + run
                        + " has this id; ids stand in the column id");
            }
        }
        return ExitCodes.DONE;
    }

    /** The rounds that have begun. */
    private static List<StageContext> rounds(StageContext context) throws IOException {
        List<StageContext> rounds = new ArrayList<>();
        for (int round = 1; round <= RunStages.begun(context.folder()); round++) {
            rounds.add(context.ofRound(round));
        }
        return rounds;
    }

    private boolean candidate(List<StageContext> rounds) throws IOException {
        for (StageContext round : rounds) {
            for (StageContext whole : withTable(round, SampleStage.NAME)) {
                Row candidate = find(whole, SampleStage.NAME, SampleStage.CANDIDATES);
                if (candidate != null) {
                    print(round, candidate);
                    for (StageContext later : rounds) {
                        printScore(later);
                        printSelected(later);
                    }
                    return true;
                }
            }
        }
        return false;
    }

    /** Where what a stage wrote in a round stands: in the round's table, or while it is not there yet in those of its passes. */
    private static List<StageContext> withTable(StageContext round, String stage) throws IOException {
        if (round.folder().isDone(round.inRun(stage))) {
            return List.of(round);
        }
        List<StageContext> done = new ArrayList<>();
        for (StageContext pass : round.passes()) {
            if (pass.folder().isDone(pass.inRun(stage))) {
                done.add(pass);
            }
        }
        return done;
    }

    private void print(StageContext round, Row candidate) {
        line("candidate %s", id);
        line("  sampled    in v%d, number %d of its prompt", round.round(), candidate.<Integer>getAs("sample"));
        line(
                "             at temperature %s, seed %d",
                candidate.<Double>getAs("temperature"), candidate.<Long>getAs("seed"));
        line("  policy     %s", candidate.<String>getAs("policy"));
        line("  prompt     %s", candidate.<String>getAs("prompt_id"));
        for (Turn turn : Columns.dialogue(candidate, "prompt").turns()) {
            line("    %s: %s", turn.role().name().toLowerCase(Locale.ROOT), turn.text());
        }
        line(
                "  response   %d tokens, log-probability %.4f, %s",
                candidate.getList(candidate.fieldIndex("tokens")).size(),
                candidate.<Double>getAs("log_prob"),
                candidate.<String>getAs("finish_reason"));
        line("    %s", candidate.<String>getAs("text"));
    }

    private void printScore(StageContext round) throws IOException {
        // a pass has the scores of those before it too
        List<StageContext> scored = withTable(round, ScoreStage.NAME);
        Row score = scored.isEmpty() ? null : find(scored.get(scored.size() - 1), ScoreStage.NAME, ScoreStage.SCORES);
        if (score == null) {
            return;
        }
        line("  scored     in v%d: reward %.4f", round.round(), score.<Double>getAs("reward"));
        for (String axis : List.of("helpfulness", "safety")) {
            if (!score.isNullAt(score.fieldIndex(axis))) {
                line(
                        "             %s %.4f by %s",
                        axis, score.<Double>getAs(axis), score.<String>getAs(axis + "_model"));
            }
        }
    }

    private void printSelected(StageContext round) throws IOException {
        for (StageContext pass : round.passes()) {
            if (find(pass, SelectStage.NAME, SelectStage.SELECTED) != null) {
                String number = pass.pass() == 0 ? "" : ", pass " + pass.pass();
                line("  selected   in v%d%s, for %s", round.round(), number, pass.inRun(FineTuneStage.POLICY));
            }
        }
    }

    private boolean prompt(List<StageContext> rounds) throws IOException {
        boolean found = false;
        for (StageContext round : rounds) {
            for (StageContext whole : withTable(round, SampleStage.NAME)) {
                Dataset<Row> candidates = whole.read(SampleStage.CANDIDATES);
                for (Row row : candidates
                        .filter(candidates.col("prompt_id").equalTo(id))
                        .orderBy("temperature", "sample")
                        .collectAsList()) {
                    found = true;
                    line("candidate %s  v%d  %s", row.<String>getAs("id"), round.round(), row.<String>getAs("text"));
                }
            }
        }
        return found;
    }

    private boolean comparison(List<StageContext> rounds) throws IOException {
        for (StageContext round : rounds) {
            Row row = find(round, ImportStage.NAME, ImportStage.PREFERENCES);
            if (row != null) {
                Row origin = row.getAs("origin");
                line("comparison %s", id);
                line("  source     %s, first learned from in v%d", row.<String>getAs("source"), round.round());
                if (origin != null) {
                    line("  file       %s", origin.getString(0));
                    line("  record     %d, read as %s", origin.getLong(1), origin.getString(3));
                }
                return true;
            }
        }
        return false;
    }

    private @Nullable Row find(StageContext round, String stage, Table table) throws IOException {
        if (!round.folder().isDone(round.inRun(stage))) {
            return null;
        }
        Dataset<Row> rows = round.read(table);
        List<Row> found = rows.filter(rows.col("id").equalTo(id)).limit(1).collectAsList();
        return found.isEmpty() ? null : found.get(0);
    }

    private void line(String format, Object... values) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(String.format(Locale.ROOT, format, values));
    }
}
