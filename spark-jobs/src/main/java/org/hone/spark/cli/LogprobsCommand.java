package org.hone.spark.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.llama.Llama;
import org.hone.model.llama.LogProbs;
import org.hone.model.llama.TokenBatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hone logprobs}: how likely a model finds each token of a text. */
@Command(
        name = "logprobs",
        mixinStandardHelpOptions = true,
        description = "Per-token log-probabilities (nats) of lines, as JSON lines. A text gets one BOS in front.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class LogprobsCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelInput model;

    @Mixin
    private LineInput input;

    @Option(names = "--tokens", description = "lines are token ids, taken as they are, instead of text")
    private boolean tokens;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        try (Tokenizer tokenizer = model.openTokenizer();
                Llama llama = HuggingFaceFolder.loadPolicy(model.folder(), model.device())) {
            input.forEach((line, number) -> {
                int[] ids = tokens
                        ? TokenLine.parse(line, input.at(number), tokenizer)
                        : withBos(tokenizer, tokenizer.encode(line));
                check(ids.length, llama.config().contextLength(), input.at(number));
                out.println(JSON.writeValueAsString(result(llama, tokenizer, ids)));
            });
        }
        out.flush();
        return ExitCodes.DONE;
    }

    private static Map<String, Object> result(Llama llama, Tokenizer tokenizer, int[] ids) {
        float[] logProbs = LogProbs.of(llama, TokenBatch.of(List.of(ids), 0))[0];
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("ids", ids);
        result.put("pieces", Arrays.stream(ids).mapToObj(tokenizer::piece).toList());
        List<@Nullable Float> byToken = new ArrayList<>();
        byToken.add(null); // nothing predicts the first token
        double sum = 0;
        for (float logProb : logProbs) {
            byToken.add(logProb);
            sum += logProb;
        }
        result.put("log_probs", byToken);
        result.put("sum", sum);
        return result;
    }

    private static void check(int length, int context, String where) {
        if (length < 2 || length > context) {
            throw new IllegalArgumentException(
                    where + ": got " + length + " tokens, expected 2 to " + context + ", the model's context");
        }
    }

    static int[] withBos(Tokenizer tokenizer, int[] ids) {
        int[] row = new int[ids.length + 1];
        row[0] = tokenizer.bosId();
        System.arraycopy(ids, 0, row, 1, ids.length);
        return row;
    }
}
