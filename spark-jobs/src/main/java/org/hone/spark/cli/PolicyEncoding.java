package org.hone.spark.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.spark.executor.LocalCopies;
import org.hone.spark.run.ReadingFit;
import org.hone.spark.run.Storage;
import org.hone.spark.tokenise.Encoding;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a policy reads dialogues, for the commands that run over the cluster. */
final class PolicyEncoding {
    @Option(
            names = {"-t", "--tokenizer"},
            paramLabel = "PATH",
            description = "tokenizer file or folder; the model's folder if not given")
    private @Nullable String tokenizer;

    @Option(
            names = "--template",
            paramLabel = "NAME",
            description = "chat template; what the model was trained with if not given")
    private @Nullable String template;

    /**
     * Checks that policy, tokenizer and template fit together.
     *
     * @param model Hugging Face folder of the policy, as a Hadoop path
     * @param storage the file systems
     * @param hadoop their configuration
     * @return the encoding
     */
    Encoding of(String model, Storage storage, Configuration hadoop) throws IOException {
        if (!storage.exists(model)) {
            throw new IllegalArgumentException(
                    "--model: there is nothing at " + model + "; give a Hugging Face folder, such as RUN/v1/sft/model");
        }
        Path local = LocalCopies.of(model, hadoop);
        HuggingFaceFolder.checkPolicy(local);
        ReadingFit fit = new ReadingFit(model, local);
        String read = tokenizer == null ? model : storage.qualified(tokenizer);
        try (Tokenizer opened = Tokenizer.open(LocalCopies.of(read, hadoop))) {
            fit.check(opened, "--tokenizer: " + read);
        }
        return new Encoding(read, fit.template(template), fit.maxLength(), new SerializableConfiguration(hadoop));
    }
}
