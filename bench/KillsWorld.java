import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.data.tokenizer.train.BpeOptions;
import org.hone.data.tokenizer.train.BpeTrainer;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.llama.Llama;
import org.hone.model.llama.LlamaConfig;
import org.hone.model.llama.RopeScaling;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Device;
import org.hone.spark.run.Storage;
import org.hone.spark.session.HoneSession;
import org.hone.spark.shard.ShardTarget;
import org.hone.spark.shard.ShardWriter;
import org.hone.spark.tokenise.Encoding;

/**
 * A model with fresh weights (some 0.9 million), its tokenizer, and examples of made-up tokens in shards of eight rows, so
 * that a run opens another one at every step.
 *
 * <p>Arguments: folder, rows.
 */
final class KillsWorld {
    private static final String TEXT = "the quick brown fox jumps over the lazy dog while the other dogs sleep";
    private static final int TOKENS = 64;

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Path base = folder.resolve("base");
        var shape = new LlamaConfig(300, 128, 352, 4, 4, 2, 32, 128, 1e-5, 10_000, new RopeScaling.None(), true);
        try (Llama llama = Llama.initialise(shape, 1, Device.cpu())) {
            HuggingFaceFolder.savePolicy(llama, base, DataType.FLOAT32);
        }
        Files.write(
                base.resolve(Tokenizer.SENTENCE_PIECE_FILE),
                BpeTrainer.train(BpeTrainer.countWords(List.of(TEXT)), BpeOptions.llama(300)).toModelFile());
        try (SparkSession spark = HoneSession.start("world")) {
            var hadoop = new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
            Encoding encoding = new Encoding(base.toString(), "plain", 96, hadoop);
            String tokens = "transform(sequence(1, %d), i -> cast((id * %d + i * i) %% 290 + 5 as int))";
            ShardWriter.write(
                    spark.range(0, Long.parseLong(arguments[1]), 1, 1)
                            .selectExpr(
                                    "concat('row-', id) as id",
                                    String.format(tokens, TOKENS / 4, 7) + " as prompt",
                                    String.format(tokens, TOKENS * 3 / 4, 11) + " as response"),
                    new ShardTarget(
                            new Storage(hadoop.value()),
                            folder.resolve("shards").toString(),
                            3,
                            encoding.identity(),
                            8 * 4 * TOKENS));
        }
    }
}
