package org.hone.spark.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.hone.spark.recipe.RecipeReader;
import org.hone.spark.recipe.ResolvedRecipe;
import org.hone.spark.recipe.TrainRecipe;
import org.hone.spark.run.RunFolder;
import org.hone.spark.run.StageReport;
import org.hone.spark.run.Storage;
import org.hone.spark.session.HoneSession;
import org.hone.spark.session.Progress;
import org.hone.spark.stage.TrainingRun;
import org.jspecify.annotations.Nullable;
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
        @Parameters(
                paramLabel = "RECIPE",
                description = "the recipe, a YAML file: start-from (or model), shards, optimization")
        private Path file;

        @Option(
                names = {"-o", "--output"},
                paramLabel = "FOLDER",
                description = "the run's folder (file:, hdfs:, s3a:, or a local path)")
        private @Nullable String output;

        @Option(
                names = "--memory",
                description = "prints what a rank needs of memory, and trains nothing; shards, model and -D values need"
                        + " not be there")
        private boolean memory;

        @Option(
                names = "--shape",
                paramLabel = "NAME",
                description = "with --memory: the model's shape, such as 7b, if its folder is not there")
        private @Nullable String shape;

        @Mixin
        private RecipeVariables variables;

        private ResolvedRecipe<TrainRecipe> recipe(TrainRecipe.Kind kind) throws IOException {
            RecipeVariables.Reading<TrainRecipe> reading =
                    (yaml, name, values, paths) -> RecipeReader.readTraining(kind, yaml, name, values, paths);
            return memory ? variables.readLeniently(file, reading) : variables.read(file, reading);
        }
    }

    private static int run(TrainRecipe.Kind kind, Arguments arguments, CommandSpec spec) throws IOException {
        ResolvedRecipe<TrainRecipe> recipe = arguments.recipe(kind);
        if (arguments.memory) {
            new MemoryTable(kind, recipe.recipe(), HoneSession.storage())
                    .print(spec.commandLine().getOut(), arguments.shape);
            return ExitCodes.DONE;
        }
        if (arguments.shape != null) {
            throw new IllegalArgumentException("--shape: is for --memory; a run has the shape of its model");
        }
        String output = arguments.output;
        if (output == null) {
            throw new IllegalArgumentException(
                    "--output: is missing; give the run's folder, or --memory to see what a rank needs");
        }
        String command = kind.command();
        try (SparkSession spark = HoneSession.start(
                "hone " + command + " " + recipe.recipe().name(),
                recipe.recipe().training().peerTimeout())) {
            TrainingRun run = new TrainingRun(spark, kind, recipe.recipe());
            Storage storage = new Storage(spark.sparkContext().hadoopConfiguration());
            RunFolder folder = RunFolder.open(storage, output, recipe);
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
