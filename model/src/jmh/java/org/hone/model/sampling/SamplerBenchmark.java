package org.hone.model.sampling;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.hone.model.llama.Llama;
import org.hone.model.llama.LlamaConfig;
import org.hone.model.llama.RopeScaling;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.Threads;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Sampled tokens a second on one thread: K = 64 responses of 128 tokens to a prompt of 32, by a Llama of the shape of
 * stories260K, over the whole vocabulary and from a nucleus. No token ends a response, so every run draws equally many.
 *
 * <p>Run it alone: {@code mvn verify -Pbench -pl model -DskipTests -Djmh.include=SamplerBenchmark}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 4, time = 3)
@Fork(1)
public class SamplerBenchmark {
    private static final int RESPONSES = 64;
    private static final int TOKENS = 128;
    private static final int NO_EOS = -1;

    /** 1 keeps the whole vocabulary. */
    @Param({"1.0", "0.9"})
    public double topP;

    private final int[] prompt = new int[32];
    private long drawn;
    private SamplingSettings settings;
    private Llama policy;
    private Sampler sampler;

    /** Makes the policy. */
    @Setup
    public void open() {
        Threads.use(1);
        for (int t = 0; t < prompt.length; t++) {
            prompt[t] = t;
        }
        LlamaConfig stories260K =
                new LlamaConfig(512, 64, 172, 5, 8, 4, 8, 512, 1e-5, 10000, new RopeScaling.None(), true);
        policy = Llama.initialise(stories260K, 1, Device.cpu());
        sampler = new Sampler(policy, NO_EOS, SamplerOptions.of(1 << 28));
        settings = new SamplingSettings(1.0, topP, 0, TOKENS);
    }

    /** Frees it. */
    @TearDown
    public void close() {
        policy.close();
    }

    /**
     * The responses to one prompt; an operation is a token.
     *
     * @return the responses, so that nothing is optimised away
     */
    @Benchmark
    @OperationsPerInvocation(RESPONSES * TOKENS)
    public List<Completion> sample() {
        long first = RESPONSES * drawn++;
        return sampler.sample(
                prompt, settings, LongStream.range(first, first + RESPONSES).toArray());
    }
}
