package org.hone.spark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.hone.data.template.ChatTemplate;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.Threads;
import org.hone.spark.run.ReadingFit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The model that a small command looks into, and its tokenizer. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields before they are used
final class ModelInput {
    @Parameters(index = "0", paramLabel = "MODEL", description = "Hugging Face folder of the model")
    private Path folder;

    @Option(
            names = {"-t", "--tokenizer"},
            paramLabel = "PATH",
            description = "tokenizer file or folder; the model's folder if not given")
    private @Nullable Path tokenizer;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            description = "threads of the matrix products (default: ${DEFAULT-VALUE})")
    private int threads;

    Path folder() {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException(folder + ": there is no such model folder");
        }
        return folder;
    }

    Device device() {
        Threads.use(threads);
        return Device.cpu();
    }

    /** Opens the tokenizer and checks that the model has a row for each of its pieces. */
    Tokenizer openTokenizer() throws IOException {
        Tokenizer opened = Tokenizer.open(tokenizer == null ? folder() : tokenizer);
        try {
            new ReadingFit(folder()).check(opened, "the tokenizer");
            return opened;
        } catch (IOException | IllegalArgumentException e) {
            opened.close();
            throw e;
        }
    }

    /** The chat template to read dialogues with: the wished one, else the one that the model was trained with. */
    ChatTemplate template(@Nullable String wished) throws IOException {
        return ChatTemplate.named(new ReadingFit(folder()).template(wished));
    }

    /** Longest row of the model's training, or what its context holds if Hone did not train it. */
    int maxLength() throws IOException {
        return new ReadingFit(folder()).maxLength();
    }
}
