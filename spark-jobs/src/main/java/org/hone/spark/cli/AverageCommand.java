package org.hone.spark.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.hone.model.checkpoint.AveragedFolder;
import org.hone.spark.run.ModelCard;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hone average}: several models trained from one start, made into one. */
@Command(
        name = "average",
        mixinStandardHelpOptions = true,
        description =
                "Writes the model whose weights are the mean of several models' weights. They are to be trained from"
                        + " one start, with other seeds, rates or epochs; of reward models the mean judges better than each"
                        + " (WARM, arXiv:2401.12187).")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class AverageCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "2..*",
            paramLabel = "MODEL",
            description = "Hugging Face folders: all policies or all reward models, of one shape and one tokenizer")
    private List<Path> models;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FOLDER",
            description = "where the mean goes")
    private Path output;

    @Override
    public Integer call() throws IOException {
        ModelFolders.check(models);
        @Nullable ModelCard card = card();
        AveragedFolder.write(models, output);
        if (card != null) {
            card.write(output);
        }
        spec.commandLine().getOut().println("average of " + models.size() + " models: " + output);
        return ExitCodes.DONE;
    }

    /** What all models were trained with. Where rewards lie is not known of the mean: each model has its own scale. */
    private @Nullable ModelCard card() throws IOException {
        @Nullable ModelCard first = readCard(models.get(0));
        for (Path model : models) {
            @Nullable ModelCard other = readCard(model);
            if (first == null ? other != null : !first.equals(other)) {
                throw new IllegalArgumentException(model + ": was trained with " + describe(other) + ", and "
                        + models.get(0) + " with " + describe(first) + "; average models that read the same text");
            }
        }
        return first;
    }

    private static @Nullable ModelCard readCard(Path model) throws IOException {
        @Nullable ModelCard card = ModelCard.read(model);
        return card == null ? null : new ModelCard(card.template(), card.maxLength(), null);
    }

    private static String describe(@Nullable ModelCard card) {
        return card == null
                ? "no template that it names"
                : "the template " + card.template() + " and rows of up to " + card.maxLength() + " tokens";
    }
}
