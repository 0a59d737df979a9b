package org.hone.spark.tokenise;

import java.io.Serializable;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.data.template.ChatTemplate;
import org.hone.data.template.ExampleEncoder;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.spark.executor.Executors;

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
     * The run's encoder of prompts and responses.
     *
     * @return the encoder, valid until the running task ends
     */
    public ExampleEncoder encoder() {
        return new ExampleEncoder(openTokenizer(), ChatTemplate.named(template), maxLength);
    }
}
