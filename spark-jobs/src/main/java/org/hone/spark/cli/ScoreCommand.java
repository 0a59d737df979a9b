package org.hone.spark.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.hone.data.curation.SourceRole.Axis;
import org.hone.spark.evaluation.EvaluatedModel;
import org.hone.spark.executor.LocalCopies;
import org.hone.spark.run.ModelCard;
import org.hone.spark.run.RunFolder;
import org.hone.spark.run.StageReport;
import org.hone.spark.run.Storage;
import org.hone.spark.sampling.RewardModelRef;
import org.hone.spark.session.HoneSession;
import org.hone.spark.session.Progress;
import org.hone.spark.stage.CandidateTables;
import org.hone.spark.stage.ScoreRun;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hone score}: what reward models think of candidates, over the whole cluster. */
@Command(
        name = "score",
        mixinStandardHelpOptions = true,
        description = {
            "Scores candidates by a reward model of helpfulness, one of safety, or both in one pass, by their text: each"
                    + " model reads it with its own tokenizer and template. Candidates are left as they are; scores of other"
                    + " models go to other folders.",
            "",
            "Example: hone score -m helpfulness=runs/hh/v2/reward-model-helpfulness/model"
                    + " -c runs/hh/v1/sample/candidates,runs/sampled/sample/candidates -o runs/scored"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class ScoreCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-m", "--reward-model"},
            required = true,
            paramLabel = "AXIS=FOLDER",
            description = "helpfulness=FOLDER, safety=FOLDER or both: Hugging Face folders with their tokenizers")
    private Map<Axis, String> models = new EnumMap<>(Axis.class);

    @Option(
            names = {"-c", "--candidates"},
            required = true,
            split = ",",
            paramLabel = "TABLE",
            description = "tables of hone sample, or RUN/vN/sample/candidates; several are scored together")
    private List<String> candidates;

    @Option(
            names = "--template",
            paramLabel = "NAME",
            description = "chat template of the models; what each was trained with if not given")
    private @Nullable String template;

    @Option(
            names = "--normalise",
            description = "rewards in deviations from their mean in training, which the models must have stored")
    private boolean normalise;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FOLDER",
            description = "the run's folder; scores go to FOLDER/score/scores")
    private String output;

    @Override
    public Integer call() throws IOException {
        try (SparkSession spark = HoneSession.start("hone score")) {
            Configuration hadoop = spark.sparkContext().hadoopConfiguration();
            Storage storage = new Storage(hadoop);
            List<RewardModelRef> judges = new ArrayList<>();
            for (Map.Entry<Axis, String> model : models.entrySet()) {
                judges.add(judge(model.getKey(), storage.qualified(model.getValue()), hadoop));
            }
            CandidateTables pool = CandidateTables.of(spark, candidates);
            ScoreRun run = new ScoreRun(pool, judges);
            RunFolder folder = RunFolder.open(storage, output, run.resolved());
            StageReport report = run.run(spark, folder, Progress.of(spark));
            Summary.print(spec.commandLine().getOut(), folder, Map.of("score", report));
        }
        return ExitCodes.DONE;
    }

    private RewardModelRef judge(Axis axis, String folder, Configuration hadoop) throws IOException {
        EvaluatedModel model = EvaluatedModel.of(axis.name(), folder, template, hadoop);
        return new RewardModelRef(
                axis,
                folder,
                model.sha256(),
                model.encoding(),
                normalise ? ModelCard.rewardScale(LocalCopies.of(folder, hadoop)) : null);
    }
}
