package org.hone.spark.stage;

import org.apache.spark.util.SerializableConfiguration;
import org.hone.spark.tokenise.Encoding;

/** The encoding that a run's recipe names. */
public final class Encodings {
    private Encodings() {}

    /**
     * The encoding of a run.
     *
     * @param context the run
     * @return its tokenizer, template and longest row
     */
    public static Encoding of(StageContext context) {
        return new Encoding(
                context.recipe().tokenizer(),
                context.recipe().template(),
                context.recipe().maxLength(),
                hadoop(context));
    }

    static SerializableConfiguration hadoop(StageContext context) {
        return new SerializableConfiguration(context.spark().sparkContext().hadoopConfiguration());
    }
}
