import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.hone.model.distributed.Communicator;
import org.hone.model.llama.Llama;
import org.hone.model.llama.LlamaConfig;
import org.hone.model.llama.PackedBatch;
import org.hone.model.llama.RopeScaling;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.Layers;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Tensors;
import org.hone.model.tensor.Threads;
import org.hone.model.training.AdamW;
import org.hone.model.training.FlatParameters;
import org.hone.model.training.GradientClipping;
import org.hone.model.training.NextTokenObjective;
import org.hone.model.training.Spread;

/**
 * Floating-point operations a second of a whole training step (forward, backward, clip, AdamW) on one thread, over those of
 * the best matrix product of the same type on the same machine.
 *
 * <p>Counted: 6 a weight and token for every matrix, 12 · layers · heads · head size a pair of tokens that attend, of which
 * causal attention needs half. Recomputation and everything that is not a product counts nothing, so a share of 1 cannot
 * be reached.
 */
final class TrainingFlops {
    private static final int ROWS = 8;
    private static final int LENGTH = 256;
    private static final int STEPS = 5;

    private record Shape(String name, LlamaConfig config) {}

    public static void main(String[] arguments) {
        Threads.use(1);
        List<Shape> shapes = List.of(
                new Shape("15M", shape(288, 768, 6, 6, 3)), new Shape("110M", shape(768, 2048, 12, 12, 12)));
        for (DataType type : List.of(DataType.FLOAT32, DataType.BFLOAT16)) {
            double best = bestProduct(type);
            System.out.printf(Locale.ROOT, "%-9s best product        %7.1f GFLOP/s%n", type, best / 1e9);
            for (Shape shape : shapes) {
                if (arguments.length > 0 && !shape.name().equals(arguments[0])) {
                    continue;
                }
                double achieved = step(shape.config(), type);
                System.out.printf(
                        Locale.ROOT,
                        "%-9s step of %-5s       %7.1f GFLOP/s  %5.1f %%%n",
                        type,
                        shape.name(),
                        achieved / 1e9,
                        100 * achieved / best);
            }
        }
    }

    private static LlamaConfig shape(int hidden, int wide, int layers, int heads, int keyValueHeads) {
        return new LlamaConfig(
                32_000, hidden, wide, layers, heads, keyValueHeads, hidden / heads, 2048, 1e-5, 10_000,
                new RopeScaling.None(), false);
    }

    private static double bestProduct(DataType type) {
        double best = 0;
        for (int[] size : new int[][] {{2048, 768, 768}, {2048, 768, 2048}, {2048, 2048, 768}, {2048, 2048, 2048}, {256, 768, 32000}}) {
            Tensor x = random(type, size[0], size[1]);
            Tensor weight = random(type, size[2], size[1]);
            double flops = 2.0 * size[0] * size[1] * size[2];
            for (int trial = 0; trial < 12; trial++) {
                long started = System.nanoTime();
                Memory.withoutGradients(() -> Memory.tidy(() -> {
                    Layers.linear(x, weight);
                }));
                best = Math.max(best, flops / (System.nanoTime() - started) * 1e9);
            }
            x.close();
            weight.close();
        }
        return best;
    }

    private static Tensor random(DataType type, int rows, int columns) {
        Random random = new Random(1);
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Memory.tidy(() -> Tensors.of(values, rows, columns).to(type).keep());
    }

    private static double step(LlamaConfig config, DataType type) {
        Random random = new Random(7);
        List<int[]> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            rows.add(random.ints(LENGTH, 0, config.vocabularySize()).toArray());
        }
        PackedBatch batch = PackedBatch.of(rows);
        boolean[] trained = new boolean[ROWS * LENGTH];
        Arrays.fill(trained, true);
        for (int i = 0; i < ROWS; i++) {
            trained[i * LENGTH] = false;
        }
        try (Llama model = Llama.initialise(config, 1, Device.cpu());
                FlatParameters flat = new FlatParameters(model.parameters());
                AdamW optimizer = new AdamW(flat, AdamW.Settings.ofLlama2(), alone(flat))) {
            model.computeIn(type);
            double fastest = Double.MAX_VALUE;
            for (int i = 0; i < STEPS; i++) {
                long started = System.nanoTime();
                flat.zeroGradients();
                NextTokenObjective.backward(model, batch, trained, 1.0 / (ROWS * (LENGTH - 1)), false);
                GradientClipping.byGlobalNorm(alone(flat), flat.gradients(), 1.0);
                optimizer.step(1e-4);
                fastest = Math.min(fastest, System.nanoTime() - started);
            }
            return flops(config) / fastest * 1e9;
        }
    }

    private static Spread alone(FlatParameters flat) {
        return new Spread(flat.parameters().elements(), Communicator.single());
    }

    private static double flops(LlamaConfig config) {
        double matrices = 0;
        for (var entry : Llama.shapes(config).entrySet()) {
            if (entry.getValue().length == 2 && !entry.getKey().contains("embed_tokens")) {
                matrices += (double) entry.getValue()[0] * entry.getValue()[1];
            }
        }
        double tokens = (double) ROWS * LENGTH;
        double attention = 12.0 * config.layers() * config.attentionHeads() * config.headSize() * tokens * LENGTH / 2;
        return 6 * matrices * tokens + attention;
    }
}
