package org.hone.spark.quickstart;

import java.io.IOException;
import java.util.Map;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.hone.data.tokenizer.train.BpeOptions;
import org.hone.data.tokenizer.train.BpeTrainer;
import org.hone.data.tokenizer.train.BpeVocabulary;
import org.hone.data.tokenizer.train.WordSplitter;
import org.hone.spark.run.StageReport;
import org.hone.spark.stage.Stage;
import org.hone.spark.stage.StageContext;
import org.hone.spark.tokenizer.CountedCorpus;
import org.hone.spark.tokenizer.TokenizerOutput;

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
        BpeOptions options = BpeOptions.llama(size.vocabulary());
        CountedCorpus corpus = CountedCorpus.of(
                context.read(WorldStage.DOCUMENTS).select(functions.col("text").cast(DataTypes.BinaryType)),
                new WordSplitter(options.userDefined()),
                CountedCorpus.MOST_WORDS);
        BpeVocabulary vocabulary = BpeTrainer.train(corpus.counts(), options);
        TokenizerOutput.write(vocabulary, context.path(MODEL), context.folder().storage());
        return new StageReport(Map.of("pieces", vocabulary.pieces().size()));
    }
}
