package org.hone.spark.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.dialogue.Role;
import org.hone.data.dialogue.Turn;
import org.hone.data.template.ChatTemplate;
import org.hone.data.template.ExampleEncoder;
import org.hone.data.tokenizer.StopTexts;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.llama.Llama;
import org.hone.model.random.Seeds;
import org.hone.model.sampling.Draw;
import org.hone.model.sampling.Sampler;
import org.hone.model.sampling.SamplerOptions;
import org.hone.model.sampling.SamplingRequest;
import org.hone.model.sampling.SamplingRun;
import org.hone.model.sampling.SamplingSettings;
import org.hone.spark.session.Progress;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hone chat}: talk to a policy, and see what the reward models think of it. */
@Command(
        name = "chat",
        mixinStandardHelpOptions = true,
        description =
                "Talks to a policy: every line is a message, answered as it is drawn, with the rewards of the answer"
                        + " behind it. /new forgets the dialogue, /quit ends. The same seed and messages give the same answers.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class ChatCommand implements Callable<Integer> {
    /** One dialogue at a time: more rows would only be run along. */
    private static final int ROWS = 16;

    private static final long CACHE_BYTES = 1L << 30;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelInput model;

    @Option(
            names = {"-r", "--reward-model"},
            paramLabel = "NAME=FOLDER",
            description = "a reward model that judges every answer; may be given more than once")
    private Map<String, Path> rewardModels = new LinkedHashMap<>();

    @Option(
            names = "--template",
            paramLabel = "NAME",
            description = "chat template; what the model was trained with if not given")
    private @Nullable String template;

    @Option(names = "--system", paramLabel = "TEXT", description = "an instruction that holds for the whole dialogue")
    private @Nullable String system;

    @Mixin
    private SamplingFlags sampling = new SamplingFlags(0.7, 0.9, 256);

    @Override
    public Integer call() throws IOException {
        SamplingSettings settings = sampling.settings();
        ChatTemplate format = model.template(template);
        Map<String, Judge> judges = new LinkedHashMap<>();
        try (Tokenizer tokenizer = model.openTokenizer();
                Llama policy = HuggingFaceFolder.loadPolicy(model.folder(), model.device())) {
            for (Map.Entry<String, Path> named : rewardModels.entrySet()) {
                judges.put(named.getKey(), Judge.open(named.getValue()));
            }
            ExampleEncoder encoder =
                    new ExampleEncoder(tokenizer, format, policy.config().contextLength());
            talk(new Talk(tokenizer, policy, encoder, settings, judges));
        } finally {
            judges.values().forEach(Judge::close);
        }
        return ExitCodes.DONE;
    }

    private record Talk(
            Tokenizer tokenizer,
            Llama policy,
            ExampleEncoder encoder,
            SamplingSettings settings,
            Map<String, Judge> judges) {}

    private void talk(Talk talk) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        StopTexts stop = sampling.stop(talk.tokenizer());
        StreamedText answer = new StreamedText(talk.tokenizer(), stop, out);
        Sampler sampler =
                new Sampler(talk.policy(), talk.tokenizer().eosId(), new SamplerOptions(ROWS, CACHE_BYTES, answer));
        Deque<SamplingRequest<Integer>> asked = new ArrayDeque<>();
        List<Turn> turns = opening();
        // one run for all messages: what was said before is in its cache
        try (SamplingRun<Integer> run = sampler.run(taken(asked));
                BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            int number = 0;
            for (String line = ask(lines); line != null && !line.equals("/quit"); line = ask(lines)) {
                if (line.equals("/new")) {
                    turns = opening();
                } else if (!line.isBlank()) {
                    turns.add(new Turn(Role.USER, line));
                    Dialogue dialogue = new Dialogue(turns);
                    int[] prompt = talk.encoder()
                            .encodePrompt(dialogue, talk.settings().maxNewTokens());
                    asked.add(new SamplingRequest<>(
                            number, prompt, List.of(new Draw(Seeds.mix(sampling.seed(), number), talk.settings()))));
                    number++;
                    int[] ids = run.next().completions().get(0).ids();
                    String text = stop.before(talk.tokenizer().decode(ids));
                    answer.end(text);
                    talk.judges()
                            .forEach((name, judge) -> out.println("  " + name + ": " + told(judge, dialogue, text)));
                    out.flush();
                    turns.add(new Turn(Role.ASSISTANT, text));
                }
            }
        }
    }

    private List<Turn> opening() {
        List<Turn> turns = new ArrayList<>();
        if (system != null) {
            turns.add(new Turn(Role.SYSTEM, system));
        }
        return turns;
    }

    private @Nullable String ask(BufferedReader lines) throws IOException {
        if (Progress.onTerminal()) {
            PrintWriter terminal = spec.commandLine().getErr();
            terminal.print("> ");
            terminal.flush();
        }
        return lines.readLine();
    }

    private static String told(Judge judge, Dialogue dialogue, String text) {
        Map<String, Float> judged = judge.judge(dialogue, text);
        StringBuilder told = new StringBuilder(String.format(Locale.ROOT, "reward %.3f", judged.get("reward")));
        Float safe = judged.get("safe");
        if (safe != null) {
            told.append(String.format(Locale.ROOT, ", safe %.0f %%", 100 * safe));
        }
        return told.toString();
    }

    private static <T> Iterator<T> taken(Deque<T> queue) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return !queue.isEmpty();
            }

            @Override
            public T next() {
                return queue.remove();
            }
        };
    }
}
