package org.hone.spark.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.hone.model.sampling.SamplingSettings;
import org.hone.spark.executor.SamplingWeights;
import org.hone.spark.run.RunFolder;
import org.hone.spark.run.StageReport;
import org.hone.spark.run.Storage;
import org.hone.spark.sampling.SampleTask;
import org.hone.spark.session.HoneSession;
import org.hone.spark.session.Progress;
import org.hone.spark.stage.SampleRun;
import org.hone.spark.table.TableSource;
import org.hone.spark.tokenise.Encoding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hone sample}: K responses a prompt, over the whole cluster. */
@Command(
        name = "sample",
        mixinStandardHelpOptions = true,
        description = {
            "Samples K responses a prompt from a policy, over the whole cluster, with their log-probabilities. A response"
                    + " depends on policy, prompt, round, temperature, seed and its number alone. Started again, it goes on"
                    + " where it stopped.",
            "",
            "Example: hone sample -m runs/hh/v1/sft/model -p data/tables/prompts -n 16 -o runs/sampled"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class SampleCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-m", "--model"},
            required = true,
            paramLabel = "FOLDER",
            description = "the policy's Hugging Face folder")
    private String policy;

    @Option(
            names = {"-p", "--prompts"},
            required = true,
            paramLabel = "TABLE",
            description = "a table with a column prompt, as hone import and hone curate write them (Delta or Parquet):"
                    + " prompts, or the prompts of preferences or demonstrations")
    private String prompts;

    @Option(
            names = {"-n", "--samples"},
            paramLabel = "K",
            defaultValue = "8",
            description = "responses a prompt, of each temperature (default: ${DEFAULT-VALUE})")
    private int samples;

    @Mixin
    private SamplingFlags sampling = new SamplingFlags(1, 1, 128);

    @Option(
            names = "--temperatures",
            split = ",",
            paramLabel = "T",
            description = "several in one pass, in the place of --temperature: 0.8,1.0,1.2")
    private List<Double> temperatures = new ArrayList<>();

    @Option(
            names = "--round",
            paramLabel = "N",
            defaultValue = "1",
            description = "stands with the candidates, and changes their draws (default: ${DEFAULT-VALUE})")
    private int round;

    @Option(
            names = "--weights",
            paramLabel = "TYPE",
            defaultValue = "FLOAT32",
            description =
                    "what the policy's matrices are kept as: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private SamplingWeights weights;

    @Mixin
    private PolicyEncoding encoding;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FOLDER",
            description = "the run's folder; candidates go to FOLDER/sample/candidates")
    private String output;

    @Override
    public Integer call() throws IOException {
        checkPositive("--samples", samples);
        checkPositive("--round", round);
        SamplingSettings settings = sampling.settings();
        List<Double> wanted = temperatures.isEmpty() ? List.of(settings.temperature()) : temperatures;
        for (double temperature : wanted) {
            if (!(temperature >= 0)) {
                throw new IllegalArgumentException("--temperatures: got " + temperature + ", expected 0 or more");
            }
        }
        try (SparkSession spark = HoneSession.start("hone sample")) {
            Storage storage = new Storage(spark.sparkContext().hadoopConfiguration());
            String model = storage.qualified(policy);
            Encoding read = encoding.of(model, storage, spark.sparkContext().hadoopConfiguration());
            SampleTask.Drawing drawing = new SampleTask.Drawing(
                    sampling.seed(),
                    round,
                    0,
                    samples,
                    wanted,
                    settings.topP(),
                    settings.topK(),
                    settings.repetitionPenalty(),
                    settings.maxNewTokens(),
                    sampling.stop());
            TableSource table =
                    TableSource.of(spark, "--prompts", storage.qualified(prompts), "give a table of hone import");
            SampleRun run = new SampleRun(table, model, weights, read, drawing);
            RunFolder folder = RunFolder.open(storage, output, run.resolved());
            StageReport report = run.run(spark, folder, Progress.of(spark));
            Summary.print(spec.commandLine().getOut(), folder, Map.of("sample", report));
        }
        return ExitCodes.DONE;
    }

    private static void checkPositive(String option, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(option + ": got " + value + ", expected at least 1");
        }
    }
}
