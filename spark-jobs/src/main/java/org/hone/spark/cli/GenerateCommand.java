package org.hone.spark.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.template.ChatTemplate;
import org.hone.data.tokenizer.StopTexts;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.llama.Llama;
import org.hone.model.random.Seeds;
import org.hone.model.sampling.Completion;
import org.hone.model.sampling.Sampler;
import org.hone.model.sampling.SamplerOptions;
import org.hone.model.sampling.SamplingSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hone generate}: text from a policy, greedy or sampled. */
@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        description = "Continues each prompt line, as JSON lines. A prompt gets one BOS in front; an empty line is BOS"
                + " alone. The same seed gives the same text. ids and log_probs are all that was drawn; text ends in front"
                + " of a stop text.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class GenerateCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long CACHE_BYTES = 1L << 30;
    private static final int FEW_ROWS = 16;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelInput model;

    @Mixin
    private LineInput input;

    @Option(names = "--chat", description = "a line is a user's message, put into the chat template")
    private boolean chat;

    @Option(
            names = "--template",
            paramLabel = "NAME",
            description = "chat template; what the model was trained with if not given")
    private @Nullable String template;

    @Mixin
    private SamplingFlags sampling = new SamplingFlags(0, 1, 128);

    @Option(
            names = "--samples",
            paramLabel = "N",
            defaultValue = "1",
            description = "continuations a prompt (default: ${DEFAULT-VALUE})")
    private int samples;

    @Override
    public Integer call() throws IOException {
        SamplingSettings settings = sampling.settings();
        if (samples < 1) {
            throw new IllegalArgumentException("--samples: got " + samples + ", expected at least 1");
        }
        ChatTemplate format = chat ? model.template(template) : null;
        PrintWriter out = spec.commandLine().getOut();
        try (Tokenizer tokenizer = model.openTokenizer();
                Llama llama = HuggingFaceFolder.loadPolicy(model.folder(), model.device())) {
            StopTexts stop = sampling.stop(tokenizer);
            Sampler sampler = new Sampler(llama, tokenizer.eosId(), new SamplerOptions(rows(), CACHE_BYTES, stop::end));
            input.forEach((line, number) -> {
                int[] prompt = format == null
                        ? LogprobsCommand.withBos(tokenizer, line.isEmpty() ? new int[0] : tokenizer.encode(line))
                        : format.prompt(tokenizer, Dialogue.ofUser(line));
                check(prompt.length, llama.config().contextLength(), input.at(number));
                long[] seeds = new long[samples];
                Arrays.setAll(seeds, sample -> Seeds.mix(sampling.seed(), number, sample));
                List<Completion> completions = sampler.sample(prompt, settings, seeds);
                for (int k = 0; k < samples; k++) {
                    String text =
                            stop.before(tokenizer.decode(completions.get(k).ids()));
                    out.println(JSON.writeValueAsString(result(line, k, completions.get(k), text)));
                }
                out.flush();
            });
        }
        return ExitCodes.DONE;
    }

    /** A line is sampled by itself, so that it is answered when it is typed; more rows would only be run along. */
    private int rows() {
        return samples <= FEW_ROWS ? FEW_ROWS : SamplerOptions.ROWS;
    }

    private static void check(int length, int context, String where) {
        if (length >= context) {
            throw new IllegalArgumentException(where + ": the prompt has " + length
                    + " tokens, which leaves no room in the model's context of " + context);
        }
    }

    private static Map<String, Object> result(String prompt, int sample, Completion completion, String text) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("prompt", prompt);
        result.put("sample", sample);
        result.put("text", text);
        result.put("ids", completion.ids());
        result.put("log_probs", completion.logProbs());
        result.put("finish_reason", completion.reason().name());
        return result;
    }
}
