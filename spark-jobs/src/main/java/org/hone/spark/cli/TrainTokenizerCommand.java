package org.hone.spark.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.hone.data.tokenizer.train.BpeOptions;
import org.hone.data.tokenizer.train.BpeTrainer;
import org.hone.data.tokenizer.train.BpeVocabulary;
import org.hone.data.tokenizer.train.WordSplitter;
import org.hone.spark.run.Storage;
import org.hone.spark.session.HoneSession;
import org.hone.spark.tokenizer.CorpusFiles;
import org.hone.spark.tokenizer.CountedCorpus;
import org.hone.spark.tokenizer.RowOutcome;
import org.hone.spark.tokenizer.SkippedRows;
import org.hone.spark.tokenizer.TokenizerOutput;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hone tokenizer train}: a SentencePiece model over a corpus. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        description =
                "Trains a SentencePiece BPE model as Llama's (digits alone, byte fallback, no normalisation) over a"
                        + " corpus whose words Spark counts. The same files give the same model.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class TrainTokenizerCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(TrainTokenizerCommand.class);

    private static final int MOST_SHOWN = 20;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILES",
            description =
                    "files, folders or globs: text, a sentence a line; JSON lines or JSON with --field; Parquet or"
                            + " CSV with --column; all but Parquet also compressed (gzip, zstd). Rows that are broken, and the"
                            + " rest of a file that is cut off, are skipped and counted")
    private List<String> files = new ArrayList<>();

    @Option(
            names = {"-n", "--vocabulary"},
            required = true,
            paramLabel = "N",
            description = "how many pieces, with the 3 control pieces and 256 bytes; Llama 2 has 32000")
    private int vocabulary;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FILE|FOLDER",
            description = "a name that ends in .model: the file; another: a folder that Hugging Face reads too")
    private String output;

    @Option(names = "--field", paramLabel = "NAME", description = "JSON field of the text, or a pointer: /turns/0/text")
    private @Nullable String field;

    @Option(names = "--column", paramLabel = "NAME", description = "Parquet or CSV column of the text")
    private @Nullable String column;

    @Option(
            names = "--symbol",
            paramLabel = "TEXT",
            description = "a piece that stays whole wherever text has it; may be given several times")
    private List<String> symbols = new ArrayList<>();

    @Option(
            names = "--coverage",
            paramLabel = "SHARE",
            defaultValue = "0.99995",
            description = "share of the characters that get a piece of their own (default: ${DEFAULT-VALUE})")
    private double coverage;

    @Option(
            names = "--longest-piece",
            paramLabel = "N",
            defaultValue = "16",
            description = "most characters of a piece (default: ${DEFAULT-VALUE})")
    private int longestPiece;

    @Option(
            names = "--words",
            paramLabel = "N",
            defaultValue = "" + CountedCorpus.MOST_WORDS,
            description = "most words that the driver holds; beyond them the rarest are left out"
                    + " (default: ${DEFAULT-VALUE})")
    private int words;

    @Override
    public Integer call() throws IOException {
        BpeOptions options = new BpeOptions(vocabulary, coverage, longestPiece, symbols);
        if (words < 1) {
            throw new IllegalArgumentException("--words: got " + words + ", expected at least 1");
        }
        CorpusFiles corpus = CorpusFiles.find(files, field, column, HoneSession.storage());
        try (SparkSession spark = HoneSession.start("hone tokenizer train")) {
            LOG.info("counting the words of {} files", corpus.files().size());
            CountedCorpus counted = CountedCorpus.of(spark, corpus, new WordSplitter(options.userDefined()), words);
            print(counted);
            LOG.info("merging {} words", counted.counts().words().size());
            BpeVocabulary trained = BpeTrainer.train(counted.counts(), options);
            Storage storage = new Storage(spark.sparkContext().hadoopConfiguration());
            String file = TokenizerOutput.write(trained, output, storage);
            line("pieces", trained.pieces().size());
            line("sha256", trained.sha256());
            line("file", file);
        }
        return ExitCodes.DONE;
    }

    private void print(CountedCorpus counted) {
        line("rows_in", counted.rowsIn());
        for (RowOutcome outcome : RowOutcome.values()) {
            String name = outcome.name().toLowerCase(Locale.ROOT);
            line(
                    outcome == RowOutcome.USED ? name : "skipped_" + name,
                    counted.rows().getOrDefault(outcome, 0L));
        }
        line("distinct_words", counted.distinctWords());
        line("kept_words", counted.counts().words().size());
        line("minimum_count", counted.counts().words().isEmpty() ? 0 : counted.minimumCount());
        line("distinct_characters", counted.counts().characters().size());
        List<SkippedRows> broken = counted.skipped().stream()
                .filter(rows -> rows.outcome() != RowOutcome.EMPTY)
                .toList();
        broken.stream().limit(MOST_SHOWN).forEach(rows -> line("skipped_in", shown(rows)));
        if (broken.size() > MOST_SHOWN) {
            line("skipped_in", "… (" + (broken.size() - MOST_SHOWN) + " more)");
        }
    }

    private static String shown(SkippedRows rows) {
        return rows.file() + ": "
                + (rows.detail().isEmpty()
                        ? rows.rows() + " " + rows.outcome().name().toLowerCase(Locale.ROOT)
                        : rows.detail() + "; fetch it again, its rest is not in the counts");
    }

    private void line(String name, Object value) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%-22s %s%n", name, value);
        out.flush();
    }
}
