import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.distributed.Communicator;
import org.hone.model.llama.Llama;
import org.hone.model.llama.PackedBatch;
import org.hone.model.random.Seeds;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.Threads;
import org.hone.model.training.AdamW;
import org.hone.model.training.FlatParameters;
import org.hone.model.training.GradientClipping;
import org.hone.model.training.NextTokenObjective;
import org.hone.model.training.Spread;
import org.hone.spark.run.Storage;
import org.hone.spark.shard.GlobalOrder;
import org.hone.spark.shard.ShardManifest;
import org.hone.spark.shard.ShardReader;
import org.hone.spark.shard.TokenRow;

/**
 * What a training step costs without Spark: the rows that {@code hone pretrain} takes with seed 0, on one thread of one
 * process, from memory. Prints the median, in tokens a second, of the steps behind the warm ones.
 *
 * <p>Arguments: model folder, shards, batch size, microbatch tokens, steps, how many of them are to get warm.
 */
final class BareLoop {
    private final Llama model;
    private final FlatParameters flat;
    private final Spread alone;
    private final AdamW optimizer;

    private BareLoop(Llama model, FlatParameters flat, Spread alone, AdamW optimizer) {
        this.model = model;
        this.flat = flat;
        this.alone = alone;
        this.optimizer = optimizer;
    }

    public static void main(String[] arguments) throws IOException {
        Threads.use(1);
        String shards = arguments[1];
        int steps = Integer.parseInt(arguments[4]);
        ShardManifest manifest = ShardManifest.read(new Storage(new Configuration()), shards);
        GlobalOrder order =
                new GlobalOrder(manifest, Seeds.mix(0, Seeds.hash("pretrain")), Integer.parseInt(arguments[2]));
        ShardReader reader = new ShardReader(
                shards, manifest, manifest.kind().columns(), new SerializableConfiguration(new Configuration()));
        Map<Integer, List<TokenRow>> read = new HashMap<>();
        double[] speed = new double[steps];
        try (Llama model = HuggingFaceFolder.loadPolicy(java.nio.file.Path.of(arguments[0]), Device.cpu());
                FlatParameters flat = new FlatParameters(model.parameters())) {
            Spread alone = new Spread(flat.parameters().elements(), Communicator.single());
            try (AdamW optimizer = new AdamW(flat, AdamW.Settings.ofLlama2(), alone)) {
                BareLoop loop = new BareLoop(model, flat, alone, optimizer);
                for (int step = 0; step < steps; step++) {
                    List<TokenRow> rows = new ArrayList<>();
                    order.batch(step).forEach(place -> rows.add(read.computeIfAbsent(place.shard(), reader::read)
                            .get(place.row())));
                    long started = System.nanoTime();
                    loop.step(rows, Integer.parseInt(arguments[3]));
                    speed[step] = rows.stream().mapToInt(row -> row.tokens(0).length).sum() * 1e9 / (System.nanoTime() - started);
                }
            }
        }
        double[] counted = Arrays.copyOfRange(speed, Integer.parseInt(arguments[5]), steps);
        Arrays.sort(counted);
        System.out.printf(Locale.ROOT, "%.2f%n", counted[counted.length / 2]);
    }

    private void step(List<TokenRow> rows, int tokensAtOnce) {
        flat.zeroGradients();
        long trained = rows.stream().mapToLong(BareLoop::trained).sum();
        List<TokenRow> microBatch = new ArrayList<>();
        int tokens = 0;
        for (TokenRow row : rows) {
            if (tokens + row.tokens(0).length > tokensAtOnce) {
                backward(microBatch, trained);
                microBatch.clear();
                tokens = 0;
            }
            microBatch.add(row);
            tokens += row.tokens(0).length;
        }
        backward(microBatch, trained);
        GradientClipping.byGlobalNorm(alone, flat.gradients(), 1.0);
        optimizer.step(1e-4);
    }

    private static long trained(TokenRow row) {
        return row.tokens(0).length - row.tokens(1).length;
    }

    /** Every example of a packed row by itself: all its tokens but the first are trained. */
    private void backward(List<TokenRow> rows, long trained) {
        List<int[]> examples = new ArrayList<>();
        for (TokenRow row : rows) {
            int start = 0;
            for (int e = 0; e < row.tokens(1).length; e++) {
                int end = start + row.tokens(1)[e] + row.tokens(2)[e];
                examples.add(Arrays.copyOfRange(row.tokens(0), start, end));
                start = end;
            }
        }
        PackedBatch batch = PackedBatch.of(examples);
        boolean[] counts = new boolean[batch.tokens()];
        Arrays.fill(counts, true);
        batch.segments().forEach(segment -> counts[segment.start()] = false);
        NextTokenObjective.backward(model, batch, counts, 1.0 / trained, false);
    }
}
