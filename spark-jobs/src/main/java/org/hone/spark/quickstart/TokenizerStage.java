package org.hone.spark.quickstart;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.hone.data.tokenizer.train.BpeOptions;
import org.hone.data.tokenizer.train.BpeTrainer;
import org.hone.data.tokenizer.train.BpeVocabulary;
import org.hone.spark.run.StageReport;
import org.hone.spark.stage.Stage;
import org.hone.spark.stage.StageContext;

/** Trains the world's tokenizer; Spark counts the words, of which the world has few thousand kinds. */
public final class TokenizerStage implements Stage {
    /** The stage's name. */
    public static final String NAME = "tokenizer";
    /** The trained SentencePiece model. */
    public static final String MODEL = NAME + "/tokenizer.model";

    private final WorldSize size;

    /**
     * The stage for a world.
     *
     * @param size how large the world is
     */
    public TokenizerStage(WorldSize size) {
        this.size = size;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public StageReport run(StageContext context) throws IOException {
        Map<String, Long> counts = new TreeMap<>();
        context.read(WorldStage.DOCUMENTS)
                .select("text")
                .as(Encoders.STRING())
                .flatMap(
                        (FlatMapFunction<String, String>)
                                text -> BpeTrainer.words(text).iterator(),
                        Encoders.STRING())
                .groupBy("value")
                .count()
                .collectAsList()
                .forEach((Row row) -> counts.put(row.getString(0), row.getLong(1)));
        BpeVocabulary vocabulary = BpeTrainer.train(counts, BpeOptions.llama(size.vocabulary()));
        Path target = new Path(context.path(MODEL));
        try (OutputStream out =
                context.folder().storage().fileSystem(target.toString()).create(target, true)) {
            out.write(vocabulary.toModelFile());
        }
        return new StageReport(Map.of("pieces", vocabulary.pieces().size()));
    }
}
