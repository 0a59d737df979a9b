package org.hone.spark.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.hone.spark.recipe.SelectionRecipe;
import org.hone.spark.run.RunFolder;
import org.hone.spark.run.StageReport;
import org.hone.spark.run.Storage;
import org.hone.spark.session.HoneSession;
import org.hone.spark.stage.CandidateTables;
import org.hone.spark.stage.SelectRun;
import org.hone.spark.table.TableSource;
import org.hone.spark.tokenise.Encoding;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hone select}: the best of the candidates, to fine-tune on. */
@Command(
        name = "select",
        mixinStandardHelpOptions = true,
        description = {
            "Selects the best candidates of each prompt by reward, over all tables that are given, and writes them with"
                    + " their lineage and as shards that hone sft reads.",
            "",
            "Example: hone select -c runs/hh/v1/sample/candidates,runs/sampled/sample/candidates"
                    + " -s runs/scored/score/scores -m runs/hh/v1/sft/model -o runs/selected"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class SelectCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-c", "--candidates"},
            required = true,
            split = ",",
            paramLabel = "TABLE",
            description = "tables of hone sample, or RUN/vN/sample/candidates")
    private List<String> candidates;

    @Option(
            names = {"-s", "--scores"},
            required = true,
            paramLabel = "TABLE",
            description = "a table of hone score, or RUN/vN/score/scores")
    private String scores;

    @Option(
            names = {"-m", "--model"},
            required = true,
            paramLabel = "FOLDER",
            description =
                    "Hugging Face folder of the policy that sampled: the shards are for its tokenizer and template")
    private String policy;

    @Mixin
    private PolicyEncoding encoding;

    @Option(
            names = "--from",
            paramLabel = "ROUNDS",
            defaultValue = "ALL_ROUNDS",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private SelectionRecipe.Source from;

    @Option(
            names = "--per-prompt",
            paramLabel = "N",
            defaultValue = "1",
            description = "at most so many of a prompt (default: ${DEFAULT-VALUE})")
    private int perPrompt;

    @Option(names = "--least-reward", paramLabel = "R", description = "none with less")
    private @Nullable Double leastReward;

    @Option(
            names = "--top-share",
            paramLabel = "S",
            defaultValue = "1",
            description =
                    "share of what is left that stays, those with the highest rewards (default: ${DEFAULT-VALUE})")
    private double topShare;

    @Option(
            names = "--near-duplicates",
            paramLabel = "J",
            defaultValue = "1",
            description = "responses that are at least so alike to a better one of their prompt are left out; 1: only"
                    + " the same ones (default: ${DEFAULT-VALUE})")
    private double nearDuplicates;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "orders the rows of the shards (default: ${DEFAULT-VALUE})")
    private long seed;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FOLDER",
            description =
                    "the run's folder; FOLDER/select/selected is the table, FOLDER/select/examples are the shards")
    private String output;

    @Override
    public Integer call() throws IOException {
        if (perPrompt < 1) {
            throw new IllegalArgumentException("--per-prompt: got " + perPrompt + ", expected at least 1");
        }
        checkShare("--top-share", topShare, topShare > 0);
        checkShare("--near-duplicates", nearDuplicates, nearDuplicates >= 0);
        try (SparkSession spark = HoneSession.start("hone select")) {
            Storage storage = new Storage(spark.sparkContext().hadoopConfiguration());
            Encoding read = encoding.of(
                    storage.qualified(policy), storage, spark.sparkContext().hadoopConfiguration());
            CandidateTables pool = CandidateTables.of(spark, candidates);
            TableSource scored =
                    TableSource.of(spark, "--scores", storage.qualified(scores), "give a table of hone score");
            SelectionRecipe selection = new SelectionRecipe(from, perPrompt, leastReward, topShare, nearDuplicates);
            SelectRun run = new SelectRun(pool, scored, selection, read, seed);
            RunFolder folder = RunFolder.open(storage, output, run.resolved());
            StageReport report = run.run(spark, folder);
            Summary.print(spec.commandLine().getOut(), folder, Map.of("select", report));
        }
        return ExitCodes.DONE;
    }

    private static void checkShare(String option, double value, boolean isAboveLeast) {
        if (!isAboveLeast || value > 1) {
            throw new IllegalArgumentException(option + ": got " + value + ", expected a share of at most 1");
        }
    }
}
