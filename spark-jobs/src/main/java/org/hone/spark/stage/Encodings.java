package org.hone.spark.stage;

import java.io.IOException;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.spark.shard.ShardTarget;
import org.hone.spark.table.Table;
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

    /**
     * Where a run's token shards go.
     *
     * @param context the run
     * @param table the shards' table
     * @return the folder, ordered by the run's seed, with the run's encoding in its manifest
     * @throws IOException if the tokenizer cannot be read
     */
    public static ShardTarget target(StageContext context, Table table) throws IOException {
        return ShardTarget.of(
                context.folder().storage(),
                context.path(table),
                context.recipe().seed(),
                of(context));
    }

    static SerializableConfiguration hadoop(StageContext context) {
        return new SerializableConfiguration(context.spark().sparkContext().hadoopConfiguration());
    }
}
