package org.hone.spark.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.hone.data.tokenizer.TokenizerDescription;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hone tokenizer inspect}: what a tokenizer file is. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = "Says what a tokenizer file is: its kind, pieces, control ids, normaliser and checksum.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class InspectTokenizerCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "TOKENIZER",
            description = "tokenizer.model, tokenizer.json, or a folder that holds one of them")
    private Path tokenizer;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        TokenizerDescription.of(tokenizer).forEach((name, value) -> out.printf("%-16s %s%n", name, value));
        out.flush();
        return ExitCodes.DONE;
    }
}
