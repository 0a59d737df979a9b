package org.hone.spark.stage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.hone.spark.recipe.DistillRecipe;
import org.hone.spark.recipe.RecipeException;
import org.hone.spark.run.RunFolder;
import org.hone.spark.run.StageReport;
import org.hone.spark.run.Storage;
import org.hone.spark.session.Slots;
import org.hone.spark.shard.ShardManifest;
import org.hone.spark.tokenise.EncodingIdentity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What can be found out about a distillation before anything starts, or goes on. */
final class DistillPreflight {
    private static final Logger LOG = LoggerFactory.getLogger(DistillPreflight.class);

    private final List<String> problems = new ArrayList<>();
    private final SparkSession spark;
    private final DistillRecipe recipe;
    private final Configuration hadoop;

    private DistillPreflight(SparkSession spark, DistillRecipe recipe) {
        this.spark = spark;
        this.recipe = recipe;
        this.hadoop = spark.sparkContext().hadoopConfiguration();
    }

    /**
     * Checks a recipe against what it names, and against what was made by it so far.
     *
     * @param started the distillation's folder; null if nothing was started
     * @return what is learned; null where it has been tokenised and the run that it came from is no longer there
     * @throws RecipeException if anything is missing, does not fit, or is no longer what was tokenised
     */
    static @Nullable DistillSource check(SparkSession spark, DistillRecipe recipe, @Nullable RunFolder started)
            throws IOException {
        DistillPreflight preflight = new DistillPreflight(spark, recipe);
        boolean isTokenised = started != null && started.isDone(DistillRun.TOKENISE);
        DistillSource source = started != null && isTokenised ? preflight.same(started) : preflight.source();
        boolean isDone = started != null && started.isDone(DistillRun.DISTILL);
        if (!isDone) {
            preflight.student();
            if (started != null && isTokenised && preflight.problems.isEmpty()) {
                preflight.sameEncoding(started);
            }
        }
        if (!preflight.problems.isEmpty()) {
            throw new RecipeException(preflight.problems);
        }
        if (!isDone) {
            Slots.await(
                    spark.sparkContext(),
                    recipe.training().ranks(),
                    recipe.training().gradientLanes());
        }
        return source;
    }

    private void student() {
        new PolicyFit("start-from", "student", recipe.startFrom(), recipe.tokenizer(), recipe.maxLength(), hadoop)
                .check(problems);
    }

    private @Nullable DistillSource source() throws IOException {
        RunFolder run = run();
        if (run == null) {
            return null;
        }
        List<Integer> rounds = DistillSource.rounds(run);
        if (rounds.isEmpty()) {
            problems.add("from: no round of " + recipe.from()
                    + " has selected yet (there is no vN/select/_done.json); let hone round go on until its stage select"
                    + " is done");
            return null;
        }
        Integer wanted = recipe.round();
        if (wanted != null && !rounds.contains(wanted)) {
            problems.add("round: got " + wanted + ", but " + recipe.from() + " has selected in "
                    + rounds.stream().map(round -> "v" + round).collect(Collectors.joining(", "))
                    + " only; give one of these rounds, or let hone round go on --through v" + wanted);
            return null;
        }
        DistillSource source = new DistillSource(run, wanted != null ? wanted : rounds.get(rounds.size() - 1));
        learnable(source);
        return source;
    }

    private void learnable(DistillSource source) {
        Dataset<Row> selected = source.read(spark);
        Dataset<Row> texts = DistillSource.texts(selected);
        long learnable = texts.count();
        long heldOut = texts.filter(DistillSource.isHeldOut(recipe)).count();
        double fraction = recipe.validation().heldOutFraction();
        if (learnable == heldOut) {
            problems.add("from: " + source.table() + " has nothing to learn: of " + selected.count() + " responses "
                    + learnable + " have a text, and " + heldOut
                    + " are held out; give another round, or lower validation.held-out-fraction");
        } else if (fraction > 0 && heldOut == 0) {
            problems.add("validation.held-out-fraction: " + fraction + " of " + learnable
                    + " responses holds none out; raise it, or set it to 0");
        }
    }

    private @Nullable RunFolder run() throws IOException {
        Storage storage = new Storage(hadoop);
        if (!storage.exists(recipe.from())) {
            problems.add("from: there is nothing at " + recipe.from()
                    + "; give the folder of a run of hone round or hone quickstart, and check the -D values that the path"
                    + " is made of");
            return null;
        }
        try {
            return RunFolder.existing(storage, recipe.from());
        } catch (IllegalArgumentException e) {
            problems.add("from: " + e.getMessage());
            return null;
        }
    }

    /** What was tokenised must still be what the run selected: a folder never holds shards of one and reports of another. */
    private @Nullable DistillSource same(RunFolder started) throws IOException {
        StageReport report = started.report(DistillRun.TOKENISE);
        int round = (int) report.number(DistillRun.ROUND);
        Storage storage = new Storage(hadoop);
        if (!RunFolder.isStarted(storage, recipe.from())) {
            LOG.warn("from: {} is no longer there; what was tokenised of it is used", recipe.from());
            return null;
        }
        DistillSource source = new DistillSource(RunFolder.existing(storage, recipe.from()), round);
        if (!source.isThere()) {
            LOG.warn(
                    "from: {} has no selection in v{} any more; what was tokenised of it is used",
                    recipe.from(),
                    round);
            return null;
        }
        List<Integer> rounds = DistillSource.rounds(source.run());
        int newest = rounds.get(rounds.size() - 1);
        if (recipe.round() == null && newest > round) {
            LOG.warn(
                    "round: v{} has selected meanwhile; this folder learns from v{}. For the newer one give --output a new"
                            + " folder",
                    newest,
                    round);
        }
        String made = report.text(DistillRun.SELECTION_SHA256);
        String found = DistillSource.checksum(source.read(spark));
        if (!found.equals(made)) {
            problems.add("from: " + source.table() + " has changed since it was tokenised: its rows have the checksum "
                    + found + ", those of " + started.path(DistillRun.TOKENISE) + " had " + made
                    + "; give --output a new folder for the new selection, or put the old one back");
        }
        return source;
    }

    private void sameEncoding(RunFolder started) throws IOException {
        String shards = started.path(DistillRun.EXAMPLES.name());
        EncodingIdentity made = ShardManifest.read(started.storage(), shards).encoding();
        EncodingIdentity found = DistillRun.encoding(recipe, hadoop).identity();
        if (!found.equals(made)) {
            problems.add("tokenizer: " + recipe.tokenizer() + " has changed since " + shards
                    + " was made with it: found " + found + ", the shards say " + made
                    + "; put the old one back, or give --output a new folder");
        }
    }
}
