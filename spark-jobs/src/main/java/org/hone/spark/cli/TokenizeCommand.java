package org.hone.spark.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.hone.data.tokenizer.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hone tokenize}: text to ids and pieces, and back. */
@Command(
        name = "tokenize",
        mixinStandardHelpOptions = true,
        description = "Text lines to token ids and pieces as JSON lines; with --decode, lines of ids to text.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class TokenizeCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "TOKENIZER",
            description = "tokenizer.model, tokenizer.json, or a folder that holds one of them")
    private Path tokenizerPath;

    @Mixin
    private LineInput input;

    @Option(
            names = {"-d", "--decode"},
            description =
                    "read ids instead, as a JSON array or separated by spaces, and print the text as a JSON string")
    private boolean decode;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        try (Tokenizer tokenizer = Tokenizer.open(tokenizerPath)) {
            input.forEach((line, number) ->
                    out.println(decode ? decoded(tokenizer, line, input.at(number)) : encoded(tokenizer, line)));
        }
        out.flush();
        return ExitCodes.DONE;
    }

    private static String encoded(Tokenizer tokenizer, String line) throws JsonProcessingException {
        int[] ids = tokenizer.encode(line);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("ids", ids);
        result.put("pieces", Arrays.stream(ids).mapToObj(tokenizer::piece).toList());
        return JSON.writeValueAsString(result);
    }

    private static String decoded(Tokenizer tokenizer, String line, String where) throws JsonProcessingException {
        return JSON.writeValueAsString(tokenizer.decode(TokenLine.parse(line, where, tokenizer)));
    }
}
