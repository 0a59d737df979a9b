package org.hone.spark.cli;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

final class HoneTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "quickstart | --output",
                "round      | RECIPE --output --define",
                "distill    | RECIPE --output --define conf/recipes/distill.yaml",
                "tokenize   | TOKENIZER FILE --decode",
                "logprobs   | MODEL FILE --tokens --tokenizer --threads",
                "generate   | MODEL FILE --chat --template --samples --temperature --top-p --top-k --repetition-penalty"
                        + " --max-new-tokens --stop --seed",
                "chat       | MODEL --reward-model --template --system --temperature --top-p --top-k --repetition-penalty"
                        + " --max-new-tokens --stop --seed",
                "rewards    | MODEL FILE --template --tokenizer",
                "report     | RUN report.html"
            })
    void helpNamesEveryParameter(String command, String parameters) {
        Shell help = Shell.run(command, "--help");
        assertThat(help.exit()).isZero();
        assertThat(help.err()).isEmpty();
        assertThat(help.out()).contains("hone " + command).contains(parameters.split(" "));
    }

    /** The options are the same, their defaults the command's. */
    @ParameterizedTest
    @CsvSource({"generate, 0.0, 1.0, 128", "chat, 0.7, 0.9, 256"})
    void helpSaysHowTheCommandSamples(String command, String temperature, String topP, String maxNewTokens) {
        String help = Shell.run(command, "--help").out().replaceAll("\\s+", " ");
        assertThat(help)
                .contains("0 is greedy (default: " + temperature + ")")
                .contains("mass that is sampled from (default: " + topP + ")")
                .contains("0 for all (default: 0)")
                .contains("1 does not (default: 1.0)")
                .contains("longest response (default: " + maxNewTokens + ")");
    }

    @Test
    void helpNamesCommandsAndExitCodes() {
        Shell help = Shell.run("--help");
        assertThat(help.exit()).isZero();
        assertThat(help.out())
                .contains("quickstart", "round", "distill", "tokenize", "logprobs", "generate", "rewards")
                .contains("Exit codes:", "the recipe or an input is wrong");
        assertThat(Shell.run("--version").out()).startsWith("hone ");
    }

    @Test
    void withoutACommandTheUsageIsShown() {
        Shell usage = Shell.run();
        assertThat(usage.exit()).isEqualTo(2);
        assertThat(usage.out()).contains("Usage: hone");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tokenise model                           | Did you mean: hone tokenize",
                "tokenize                                 | Missing required parameter: 'TOKENIZER'",
                "generate model --temprature 1            | Unknown option: '--temprature'",
                "generate model --samples many            | Invalid value for option '--samples'",
                "round recipe.yaml                        | Missing required option: '--output=FOLDER'",
                "round recipe.yaml --output run -D nothing| should be in KEY=VALUE"
            })
    void whatIsNoCommandIsRefused(String line, String message) {
        Shell refused = Shell.run(line.split(" "));
        assertThat(refused.exit()).isEqualTo(2);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).contains(message).doesNotContain("Exception");
    }
}
