package org.hone.spark.stage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.llama.LlamaConfig;
import org.hone.spark.executor.LocalCopies;
import org.hone.spark.run.Storage;
import org.jspecify.annotations.Nullable;

/**
 * Whether a policy, its tokenizer and the longest row fit together.
 *
 * @param key the recipe's key that names the policy
 * @param called what a message calls it
 * @param policy its Hugging Face folder, as a Hadoop path
 * @param tokenizer tokenizer file or folder, as a Hadoop path
 * @param maxLength longest row in tokens
 * @param hadoop the file systems' configuration
 */
record PolicyFit(String key, String called, String policy, String tokenizer, int maxLength, Configuration hadoop) {
    /** Adds what is missing, broken or does not fit. */
    void check(List<String> problems) {
        LlamaConfig config = config(problems);
        Integer pieces = pieces(problems);
        if (config == null || pieces == null) {
            return;
        }
        if (pieces > config.vocabularySize()) {
            problems.add("tokenizer: " + tokenizer + " has " + pieces + " pieces, but " + policy + " has vocab_size "
                    + config.vocabularySize() + "; give the tokenizer that the model was trained with");
        }
        if (maxLength > config.contextLength()) {
            problems.add("max-length: " + maxLength + " is more than the " + called + "'s context of "
                    + config.contextLength() + " tokens; use at most that");
        }
    }

    private @Nullable LlamaConfig config(List<String> problems) {
        try {
            Path folder = existing(key, policy, problems);
            if (folder == null) {
                return null;
            }
            return HuggingFaceFolder.checkPolicy(folder);
        } catch (IOException | IllegalArgumentException e) {
            problems.add(key + ": " + e.getMessage());
            return null;
        }
    }

    private @Nullable Integer pieces(List<String> problems) {
        try {
            Path path = existing("tokenizer", tokenizer, problems);
            if (path == null) {
                return null;
            }
            try (Tokenizer opened = Tokenizer.open(path)) {
                return opened.vocabularySize();
            }
        } catch (IOException | IllegalArgumentException e) {
            problems.add("tokenizer: " + e.getMessage());
            return null;
        }
    }

    private @Nullable Path existing(String named, String uri, List<String> problems) throws IOException {
        if (!new Storage(hadoop).exists(uri)) {
            problems.add(
                    named + ": there is nothing at " + uri + "; check the path, and the -D values that it is made of");
            return null;
        }
        Path local = LocalCopies.of(uri, hadoop);
        return Files.exists(local) ? local : null;
    }
}
