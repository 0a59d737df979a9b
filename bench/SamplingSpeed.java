import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.llama.Llama;
import org.hone.model.llama.RewardModel;
import org.hone.model.random.Seeds;
import org.hone.model.sampling.Completion;
import org.hone.model.sampling.Draw;
import org.hone.model.sampling.SampledPrompt;
import org.hone.model.sampling.Sampler;
import org.hone.model.sampling.SamplerOptions;
import org.hone.model.sampling.SamplingRequest;
import org.hone.model.sampling.SamplingRun;
import org.hone.model.sampling.SamplingSettings;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.Threads;
import org.hone.spark.sampling.PackedRewards;

/**
 * Tokens a second that two threads sample, and candidates a second that they score, as two tasks of an executor would: weights
 * shared, half of the prompts each.
 *
 * <p>Arguments: policy, reward model, file of prompts (ids, a line each), file of candidates (K lines a prompt), K, new tokens,
 * output file.
 */
final class SamplingSpeed {
    private static final int THREADS = 2;

    private record Prompt(int[] ids) {}

    private record Sampled(Prompt prompt, List<Completion> completions) {}

    private record Candidates(int[] prompt, List<int[]> responses) {}

    public static void main(String[] arguments) throws Exception {
        List<Prompt> prompts = ids(arguments[2]).stream().map(Prompt::new).toList();
        List<int[]> responses = ids(arguments[3]);
        int k = Integer.parseInt(arguments[4]);
        List<Candidates> all = IntStream.range(0, prompts.size())
                .mapToObj(p -> new Candidates(prompts.get(p).ids(), responses.subList(p * k, (p + 1) * k)))
                .toList();
        SamplingSettings settings = new SamplingSettings(1, 0.9, 0, Integer.parseInt(arguments[5]));
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        double tokens;
        try (Llama policy = HuggingFaceFolder.loadPolicy(Path.of(arguments[0]), Device.cpu())) {
            Sampler sampler = new Sampler(policy, -1, SamplerOptions.of(1L << 30));
            sample(sampler, prompts.subList(0, 2), settings, k); // the JVM has compiled the loop by then
            long started = System.nanoTime();
            halves(threads, prompts, part -> sample(sampler, part, settings, k));
            tokens = prompts.size() * k * settings.maxNewTokens() / ((System.nanoTime() - started) / 1e9);
        }
        double candidates;
        try (RewardModel model = HuggingFaceFolder.loadRewardModel(Path.of(arguments[1]), Device.cpu())) {
            score(model, all.subList(0, 2));
            long started = System.nanoTime();
            halves(threads, all, part -> score(model, part));
            candidates = prompts.size() * k / ((System.nanoTime() - started) / 1e9);
        }
        threads.shutdown();
        Files.writeString(Path.of(arguments[6]), "tokens " + tokens + "\ncandidates " + candidates + "\n");
    }

    private static List<int[]> ids(String file) throws IOException {
        return Files.readAllLines(Path.of(file)).stream()
                .map(line -> Arrays.stream(line.split(" ")).mapToInt(Integer::parseInt).toArray())
                .toList();
    }

    private interface Work<T, R> {
        List<R> on(List<T> part);
    }

    private static <T, R> List<List<R>> halves(ExecutorService threads, List<T> all, Work<T, R> work) throws Exception {
        List<Future<List<R>>> running = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            int thread = t;
            List<T> part = IntStream.range(0, all.size())
                    .filter(i -> i % THREADS == thread)
                    .mapToObj(all::get)
                    .toList();
            running.add(threads.submit(() -> {
                Threads.use(1);
                return work.on(part);
            }));
        }
        List<List<R>> results = new ArrayList<>();
        for (Future<List<R>> one : running) {
            results.add(one.get());
        }
        return results;
    }

    private static List<Sampled> sample(Sampler sampler, List<Prompt> prompts, SamplingSettings settings, int k) {
        Iterator<SamplingRequest<Prompt>> requests = prompts.stream()
                .map(prompt -> new SamplingRequest<>(
                        prompt,
                        prompt.ids(),
                        IntStream.range(0, k)
                                .mapToObj(sample -> new Draw(Seeds.mix(prompt.ids()[1], sample), settings))
                                .toList()))
                .iterator();
        List<Sampled> sampled = new ArrayList<>();
        try (SamplingRun<Prompt> run = sampler.run(requests)) {
            while (run.hasNext()) {
                SampledPrompt<Prompt> one = run.next();
                sampled.add(new Sampled(one.key(), one.completions()));
            }
        }
        return sampled;
    }

    private static List<Float> score(RewardModel model, List<Candidates> scored) {
        List<List<int[]>> groups = new ArrayList<>();
        for (Candidates one : scored) {
            List<int[]> rows = new ArrayList<>();
            for (int[] response : one.responses()) {
                int[] row = Arrays.copyOf(one.prompt(), one.prompt().length + response.length);
                System.arraycopy(response, 0, row, one.prompt().length, response.length);
                rows.add(row);
            }
            groups.add(rows);
        }
        List<Float> rewards = new ArrayList<>();
        for (float reward : PackedRewards.of(model, groups)) {
            rewards.add(reward);
        }
        return rewards;
    }
}
