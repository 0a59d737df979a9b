package org.hone.spark.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code hone tokenizer}: tokenizers themselves. */
@Command(
        name = "tokenizer",
        mixinStandardHelpOptions = true,
        description = "Trains a SentencePiece tokenizer, or says what one is.",
        subcommands = {TrainTokenizerCommand.class, InspectTokenizerCommand.class})
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class TokenizerCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getOut());
        return ExitCodes.WRONG_INPUT;
    }
}
