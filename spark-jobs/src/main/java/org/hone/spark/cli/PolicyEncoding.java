package org.hone.spark.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.data.template.ChatTemplate;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.llama.LlamaConfig;
import org.hone.spark.executor.LocalCopies;
import org.hone.spark.run.ModelCard;
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
        LlamaConfig config = HuggingFaceFolder.checkPolicy(local);
        String read = tokenizer == null ? model : storage.qualified(tokenizer);
        try (Tokenizer opened = Tokenizer.open(LocalCopies.of(read, hadoop))) {
            if (opened.vocabularySize() > config.vocabularySize()) {
                throw new IllegalArgumentException("--tokenizer: " + read + " has " + opened.vocabularySize()
                        + " pieces, but " + model + " has vocab_size " + config.vocabularySize()
                        + "; give the tokenizer that the model was trained with");
            }
        }
        ModelCard card = ModelCard.read(local);
        if (template == null && card == null) {
            throw new IllegalArgumentException("--template: is missing, and " + model
                    + " does not say which template it was trained with; give llama2 or plain");
        }
        String name = template != null || card == null ? String.valueOf(template) : card.template();
        ChatTemplate.named(name);
        int longest = card == null ? config.contextLength() : card.maxLength();
        return new Encoding(read, name, longest, new SerializableConfiguration(hadoop));
    }
}
