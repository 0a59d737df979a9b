package org.hone.model.training;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.hone.model.distributed.Communicator;
import org.hone.model.llama.Llama;
import org.hone.model.llama.LlamaConfig;
import org.hone.model.llama.RopeScaling;
import org.hone.model.llama.TokenBatch;
import org.hone.model.loss.NextTokenLoss;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.hone.model.tensor.Threads;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Trained tokens a second on one thread: the whole step of a rank (forward, backward, clip, AdamW) on a Llama of the shape
 * of stories260K, 8 rows of 128 tokens.
 *
 * <p>Run it alone: {@code mvn verify -Pbench -pl model -DskipTests -Djmh.include=TrainingStepBenchmark}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(1)
public class TrainingStepBenchmark {
    private static final int ROWS = 8;
    private static final int LENGTH = 128;
    // nothing predicts a row's first token
    private static final int TRAINED = ROWS * (LENGTH - 1);

    private final TokenBatch batch = batch();
    private final boolean[] trained = new boolean[ROWS * LENGTH];
    private Llama model;
    private FlatParameters flat;
    private AdamW optimizer;

    private static TokenBatch batch() {
        int[] lengths = new int[ROWS];
        Arrays.fill(lengths, LENGTH);
        int[] ids = new Random(7).ints((long) ROWS * LENGTH, 0, 512).toArray();
        return new TokenBatch(ROWS, LENGTH, ids, lengths);
    }

    private static Spread alone(FlatParameters flat) {
        return new Spread(flat.parameters().elements(), Communicator.single());
    }

    /** Makes the model and its optimiser. */
    @Setup
    public void open() {
        Threads.use(1);
        for (int i = 0; i < trained.length; i++) {
            trained[i] = i % LENGTH > 0;
        }
        LlamaConfig stories260K =
                new LlamaConfig(512, 64, 172, 5, 8, 4, 8, 512, 1e-5, 10000, new RopeScaling.None(), true);
        model = Llama.initialise(stories260K, 1, Device.cpu());
        flat = new FlatParameters(model.parameters());
        optimizer = new AdamW(flat, AdamW.Settings.ofLlama2(), alone(flat));
    }

    /** Frees both. */
    @TearDown
    public void close() {
        optimizer.close();
        flat.close();
        model.close();
    }

    /**
     * One optimiser step; an operation is a trained token.
     *
     * @return the mean loss, so that nothing is optimised away
     */
    @Benchmark
    @OperationsPerInvocation(TRAINED)
    public double step() {
        flat.zeroGradients();
        double loss = Memory.tidy(() -> {
            Tensor mean = NextTokenLoss.sum(model, batch, trained).mul(1.0 / TRAINED);
            mean.backward();
            return mean.item();
        });
        GradientClipping.byGlobalNorm(alone(flat), flat.gradients(), 1.0);
        optimizer.step(1e-4);
        return loss;
    }
}
