package org.hone.spark.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.hone.spark.evaluation.EvaluatedModel;
import org.hone.spark.evaluation.EvaluatedSet;
import org.hone.spark.evaluation.EvaluationReport;
import org.hone.spark.evaluation.EvaluationTerminal;
import org.hone.spark.evaluation.RewardEvaluation;
import org.hone.spark.run.RunFolder;
import org.hone.spark.run.Storage;
import org.hone.spark.session.HoneSession;
import org.hone.spark.session.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hone evaluate}: reward models on sets of comparisons that they were not trained on. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description = {
            "Evaluates reward models on held-out comparisons: accuracy by rating, safety bin, source, week, turns and"
                    + " length; calibration; unsafe responses at the 0.15 gate; agreement of the models; baselines beside"
                    + " every figure. Tables as Parquet, a page as HTML. Started again, it goes on where it stopped.",
            "",
            "Example: hone evaluate -m helpfulness=runs/h/reward-model/model -m safety=runs/s/reward-model/model"
                    + " -p helpful=data/curated/held-out --sources helpful=hh-helpful-base,hh-helpful-online"
                    + " -p harmless=data/curated/held-out --sources harmless=hh-harmless-base -o runs/evaluation"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class EvaluateCommand implements Callable<Integer> {
    /** A name is part of a path. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9._-]*");

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-m", "--reward-model"},
            required = true,
            paramLabel = "NAME=FOLDER",
            description = "a reward model's Hugging Face folder, with its tokenizer; several models are compared")
    private Map<String, String> models = new LinkedHashMap<>();

    @Option(
            names = {"-p", "--pairs"},
            required = true,
            paramLabel = "NAME=TABLE",
            description = "a table of comparisons as hone import and hone curate write it (Delta or Parquet), such as"
                    + " DATA/curated/held-out; may be given several times")
    private Map<String, String> pairs = new LinkedHashMap<>();

    @Option(
            names = "--sources",
            paramLabel = "NAME=SOURCE[,SOURCE]",
            description = "only these sources of the pairs of that name")
    private Map<String, String> sources = new LinkedHashMap<>();

    @Option(
            names = "--template",
            paramLabel = "NAME=TEMPLATE",
            description = "chat template of the reward model of that name; what it was trained with if not given")
    private Map<String, String> templates = new LinkedHashMap<>();

    @Option(
            names = "--batch-tokens",
            paramLabel = "N",
            defaultValue = "4096",
            description = "tokens that are scored at once (default: ${DEFAULT-VALUE})")
    private int batchTokens;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FOLDER",
            description = "the evaluation's folder (file:, hdfs:, s3a:, or a local path)")
    private String output;

    @Override
    public Integer call() throws IOException {
        checkNames();
        try (SparkSession spark = HoneSession.start("hone evaluate")) {
            RewardEvaluation evaluation = evaluation(spark);
            Storage storage = new Storage(spark.sparkContext().hadoopConfiguration());
            RunFolder folder = RunFolder.open(storage, output, evaluation.resolved());
            EvaluationReport report = evaluation.run(spark, folder, Progress.of(spark));
            PrintWriter out = spec.commandLine().getOut();
            EvaluationTerminal.print(out, report);
            out.println("Page: " + folder.path(RewardEvaluation.PAGE));
            out.flush();
        }
        return ExitCodes.DONE;
    }

    private RewardEvaluation evaluation(SparkSession spark) throws IOException {
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        Storage storage = new Storage(hadoop);
        List<EvaluatedModel> evaluated = new ArrayList<>();
        for (Map.Entry<String, String> model : models.entrySet()) {
            String folder = storage.qualified(model.getValue());
            evaluated.add(EvaluatedModel.of(model.getKey(), folder, templates.get(model.getKey()), hadoop));
        }
        List<EvaluatedSet> sets = new ArrayList<>();
        for (Map.Entry<String, String> set : pairs.entrySet()) {
            String wanted = sources.get(set.getKey());
            sets.add(EvaluatedSet.of(
                    spark,
                    set.getKey(),
                    storage.qualified(set.getValue()),
                    wanted == null ? List.of() : List.of(wanted.split("\\s*,\\s*", -1))));
        }
        return new RewardEvaluation(evaluated, sets, batchTokens);
    }

    private void checkNames() {
        for (Map<String, String> named : List.of(models, pairs)) {
            for (String name : named.keySet()) {
                if (!NAME.matcher(name).matches()) {
                    throw new IllegalArgumentException("\"" + name + "\" cannot name reward models or pairs; use"
                            + " letters, digits, '.', '_' and '-', with a letter first");
                }
            }
        }
        checkKnown("--sources", sources.keySet(), "--pairs", pairs.keySet());
        checkKnown("--template", templates.keySet(), "--reward-model", models.keySet());
        if (batchTokens < 1) {
            throw new IllegalArgumentException("--batch-tokens: " + batchTokens + " must be at least 1");
        }
    }

    private static void checkKnown(String option, Set<String> names, String of, Set<String> known) {
        for (String name : names) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(option + ": no " + of + " has the name \"" + name
                        + "\"; the names are " + String.join(", ", known));
            }
        }
    }
}
