package org.hone.spark.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The entry point, embedded ({@code bin/hone}) and for spark-submit alike. */
@Command(
        name = "hone",
        mixinStandardHelpOptions = true,
        version = "hone 0.1.0",
        description = "Aligns Llama models by the recipe of Llama 2, as Spark jobs.",
        subcommands = {
            QuickstartCommand.class,
            RoundCommand.class,
            StatusCommand.class,
            LineageCommand.class,
            ReportCommand.class,
            ImportCommand.class,
            DataCommand.Curate.class,
            DataCommand.Pack.class,
            DataCommand.Audit.class,
            DataCommand.Prepare.class,
            HistoryCommand.class,
            TrainCommand.Pretrain.class,
            TrainCommand.Sft.class,
            TrainCommand.RewardModel.class,
            DistillCommand.class,
            EvaluateCommand.class,
            SampleCommand.class,
            ScoreCommand.class,
            SelectCommand.class,
            MergeCommand.class,
            AverageCommand.class,
            TokenizeCommand.class,
            TokenizerCommand.class,
            LogprobsCommand.class,
            GenerateCommand.class,
            ChatCommand.class,
            RewardsCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything was done, or had been done before",
            "1:the work failed; what was finished is kept, the same command goes on",
            "2:the command, the recipe or an input is wrong; nothing was started"
        },
        sortOptions = false)
public final class Hone implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    /**
     * Runs a command and ends the process with its exit code.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /**
     * Runs a command.
     *
     * @param arguments the command line
     * @return its exit code
     */
    public static int run(String... arguments) {
        // Text is UTF-8 on both sides of a pipe, whatever the locale of the shell.
        return run(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                arguments);
    }

    /**
     * Runs a command that writes to given places.
     *
     * @param out where its results go
     * @param err where its messages go
     * @param arguments the command line
     * @return its exit code
     */
    public static int run(PrintWriter out, PrintWriter err, String... arguments) {
        return new CommandLine(new Hone())
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(new ErrorReport())
                .execute(arguments);
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getOut());
        return ExitCodes.WRONG_INPUT;
    }
}
