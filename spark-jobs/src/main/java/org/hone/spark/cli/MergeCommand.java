package org.hone.spark.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.hone.model.checkpoint.MergedFolder;
import org.hone.spark.run.ModelCard;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hone merge}: adapters and their model, made into one whole model. */
@Command(
        name = "merge",
        mixinStandardHelpOptions = true,
        description =
                "Adds adapters (LoRA, as peft or Hone writes them) to the weights of the model that they were trained"
                        + " beside, and writes the whole model.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class MergeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "ADAPTERS", description = "folder with adapter_config.json")
    private Path adapters;

    @Parameters(index = "1", paramLabel = "MODEL", description = "Hugging Face folder of the model")
    private Path base;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FOLDER",
            description = "where the whole model goes")
    private Path output;

    @Override
    public Integer call() throws IOException {
        ModelFolders.check(List.of(adapters, base));
        MergedFolder.write(adapters, base, output);
        @Nullable ModelCard card = ModelCard.read(adapters);
        if (card != null) {
            card.write(output);
        }
        spec.commandLine().getOut().println("merged into " + output);
        return ExitCodes.DONE;
    }
}
