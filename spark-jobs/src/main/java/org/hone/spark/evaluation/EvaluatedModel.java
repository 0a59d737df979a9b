package org.hone.spark.evaluation;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.model.checkpoint.FolderChecksum;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.checkpoint.ModelKind;
import org.hone.spark.executor.LocalCopies;
import org.hone.spark.run.ReadingFit;
import org.hone.spark.run.Storage;
import org.hone.spark.tokenise.Encoding;
import org.jspecify.annotations.Nullable;

/**
 * A reward model that is evaluated. It reads dialogues with its own tokenizer, template and longest row, so that models of
 * different vocabularies can be compared on the same text.
 *
 * @param name what figures call it
 * @param sha256 of its configuration and weights
 * @param encoding how it reads dialogues; the tokenizer is in the model's folder
 */
public record EvaluatedModel(String name, String sha256, Encoding encoding) {
    /**
     * Checks a model's folder: everything that can be known before anything is computed.
     *
     * @param name what figures call it
     * @param folder its Hugging Face folder, as a Hadoop path
     * @param template chat template; null: the one that it was trained with
     * @param hadoop the file systems' configuration
     * @return the model
     * @throws IOException if it cannot be read, or has no tokenizer
     * @throws IllegalArgumentException if it is not there, is no reward model, or its parts do not fit together
     */
    public static EvaluatedModel of(String name, String folder, @Nullable String template, Configuration hadoop)
            throws IOException {
        if (!new Storage(hadoop).exists(folder)) {
            throw new IllegalArgumentException("reward model " + name + ": there is nothing at " + folder
                    + "; give a Hugging Face folder, such as RUN/reward-model/model");
        }
        Path local = LocalCopies.of(folder, hadoop);
        ModelKind kind = HuggingFaceFolder.kind(local);
        if (kind != ModelKind.REWARD_MODEL) {
            throw new IllegalArgumentException("reward model " + name + ": " + folder + " holds a "
                    + kind.architecture() + ", which gives no rewards; hone reward-model trains a "
                    + ModelKind.REWARD_MODEL.architecture() + " from it");
        }
        ReadingFit fit = new ReadingFit("reward model " + name + ", " + folder, local);
        try (Tokenizer tokenizer = Tokenizer.open(local)) {
            fit.check(tokenizer, "the tokenizer in " + folder);
        }
        return new EvaluatedModel(
                name,
                FolderChecksum.sha256(local),
                new Encoding(folder, fit.template(template), fit.maxLength(), new SerializableConfiguration(hadoop)));
    }

    /** {@return its Hugging Face folder} */
    public String folder() {
        return encoding.tokenizer();
    }
}
