package org.hone.spark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.hone.spark.recipe.RecipeReader;
import org.hone.spark.recipe.ResolvedRecipe;
import org.hone.spark.recipe.TrainRecipe;
import org.hone.spark.recipe.Variables;
import org.hone.spark.run.RunFolder;
import org.hone.spark.run.StageReport;
import org.hone.spark.run.Storage;
import org.hone.spark.session.HoneSession;
import org.hone.spark.session.Progress;
import org.hone.spark.stage.TrainingRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The training stages by themselves: {@code hone pretrain}, {@code hone sft}, {@code hone reward-model}. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class TrainCommand {
    private TrainCommand() {}

    /** What the commands share. */
    static final class Arguments {
        @Parameters(paramLabel = "RECIPE", description = "the recipe, a YAML file: start-from, shards, optimization")
        private Path file;

        @Option(
                names = {"-o", "--output"},
                required = true,
                paramLabel = "FOLDER",
                description = "the run's folder (file:, hdfs:, s3a:, or a local path)")
        private String output;

        @Option(
                names = {"-D", "--define"},
                paramLabel = "NAME=VALUE",
                description = "value of $${NAME} in the recipe; may be given several times")
        private Map<String, String> variables = new LinkedHashMap<>();

        private ResolvedRecipe<TrainRecipe> recipe(TrainRecipe.Kind kind) throws IOException {
            if (!Files.isRegularFile(file)) {
                throw new IllegalArgumentException(file + ": there is no such recipe file");
            }
            return RecipeReader.readTraining(
                    kind,
                    Files.readString(file),
                    file.toString(),
                    new Variables(variables),
                    HoneSession.storage()::qualified);
        }
    }

    private static int run(TrainRecipe.Kind kind, Arguments arguments, CommandSpec spec) throws IOException {
        ResolvedRecipe<TrainRecipe> recipe = arguments.recipe(kind);
        String command = kind.command();
        try (SparkSession spark = HoneSession.start(
                "hone " + command + " " + recipe.recipe().name(),
                recipe.recipe().training().peerTimeout())) {
            TrainingRun run = new TrainingRun(spark, kind, recipe.recipe());
            Storage storage = new Storage(spark.sparkContext().hadoopConfiguration());
            RunFolder folder = RunFolder.open(storage, arguments.output, recipe);
            StageReport report = run.run(folder, Progress.of(spark));
            Summary.print(spec.commandLine().getOut(), folder, Map.of(command, report));
        }
        return ExitCodes.DONE;
    }

    /** {@code hone pretrain}. */
    @Command(
            name = "pretrain",
            mixinStandardHelpOptions = true,
            description = "Trains a language model on the packed text of a data folder. Started again, it goes on where"
                    + " it stopped.")
    static final class Pretrain implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private Arguments arguments;

        @Override
        public Integer call() throws IOException {
            return run(TrainRecipe.Kind.PRETRAIN, arguments, spec);
        }
    }

    /** {@code hone sft}. */
    @Command(
            name = "sft",
            mixinStandardHelpOptions = true,
            description = "Fine-tunes a model on the packed demonstrations of a data folder, with the loss on the"
                    + " responses alone. Started again, it goes on where it stopped.")
    static final class Sft implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private Arguments arguments;

        @Override
        public Integer call() throws IOException {
            return run(TrainRecipe.Kind.SFT, arguments, spec);
        }
    }

    /** {@code hone reward-model}. */
    @Command(
            name = "reward-model",
            mixinStandardHelpOptions = true,
            description =
                    "Trains a reward model on the comparisons of a data folder. Started again, it goes on where it"
                            + " stopped.")
    static final class RewardModel implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private Arguments arguments;

        @Override
        public Integer call() throws IOException {
            return run(TrainRecipe.Kind.REWARD_MODEL, arguments, spec);
        }
    }
}
