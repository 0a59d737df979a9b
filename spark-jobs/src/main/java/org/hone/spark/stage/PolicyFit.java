package org.hone.spark.stage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.llama.LlamaConfig;
import org.hone.spark.executor.LocalCopies;
import org.hone.spark.run.ReadingFit;
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
        Path folder = existing(key, policy, problems);
        LlamaConfig config = folder == null ? null : config(folder, problems);
        Path pieces = existing("tokenizer", tokenizer, problems);
        try (Tokenizer opened = pieces == null ? null : Tokenizer.open(pieces)) {
            if (opened != null && folder != null && config != null) {
                new ReadingFit(policy, folder).check(opened, tokenizer);
            }
        } catch (IOException | IllegalArgumentException e) {
            problems.add("tokenizer: " + e.getMessage());
        }
        if (config != null && maxLength > config.contextLength()) {
            problems.add("max-length: " + maxLength + " is more than the " + called + "'s context of "
                    + config.contextLength() + " tokens; use at most that");
        }
    }

    private @Nullable LlamaConfig config(Path folder, List<String> problems) {
        try {
            return HuggingFaceFolder.checkPolicy(folder);
        } catch (IOException | IllegalArgumentException e) {
            problems.add(key + ": " + e.getMessage());
            return null;
        }
    }

    private @Nullable Path existing(String named, String uri, List<String> problems) {
        try {
            if (new Storage(hadoop).exists(uri)) {
                return LocalCopies.of(uri, hadoop);
            }
            problems.add(
                    named + ": there is nothing at " + uri + "; check the path, and the -D values that it is made of");
        } catch (IOException | IllegalArgumentException e) {
            problems.add(named + ": " + e.getMessage());
        }
        return null;
    }
}
