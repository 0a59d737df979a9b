package org.hone.spark.tokenise;

import java.io.IOException;
import java.io.Serializable;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.data.template.ChatTemplate;
import org.hone.data.template.ExampleEncoder;
import org.hone.data.template.TemplateProbe;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.spark.executor.Executors;
import org.hone.spark.executor.LocalCopies;

/**
 * How text becomes token ids in a run; what an executor needs to do it.
 *
 * @param tokenizer tokenizer file or folder, as a Hadoop path
 * @param template name of the chat template
 * @param maxLength longest row in tokens
 * @param hadoop the file systems' configuration
 */
public record Encoding(String tokenizer, String template, int maxLength, SerializableConfiguration hadoop)
        implements Serializable {
    /**
     * The run's tokenizer, lent until the running task ends.
     *
     * @return the tokenizer
     */
    public Tokenizer openTokenizer() {
        return Executors.tokenizer(tokenizer, hadoop.value());
    }

    /**
     * What rows of this encoding are told apart by. Works outside of tasks too.
     *
     * @return the tokenizer's and the template's hash, and the longest row
     * @throws IOException if the tokenizer cannot be read
     */
    public EncodingIdentity identity() throws IOException {
        try (Tokenizer opened = Tokenizer.open(LocalCopies.of(tokenizer, hadoop.value()))) {
            return new EncodingIdentity(
                    opened.sha256(), template, TemplateProbe.hash(opened, ChatTemplate.named(template)), maxLength);
        }
    }

    /**
     * The run's encoder of prompts and responses.
     *
     * @return the encoder, valid until the running task ends
     */
    public ExampleEncoder encoder() {
        return new ExampleEncoder(openTokenizer(), ChatTemplate.named(template), maxLength);
    }
}
