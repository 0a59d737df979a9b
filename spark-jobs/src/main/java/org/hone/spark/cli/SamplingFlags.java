package org.hone.spark.cli;

import java.util.ArrayList;
import java.util.List;
import org.hone.data.tokenizer.StopTexts;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.model.sampling.SamplingSettings;
import picocli.CommandLine.Option;

/** How a command draws tokens. What is not given is the command's own default. */
final class SamplingFlags {
    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "divides the logits; 0 is greedy (default: ${DEFAULT-VALUE})")
    private double temperature;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            description = "probability mass that is sampled from (default: ${DEFAULT-VALUE})")
    private double topP;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            description = "most probable tokens that are sampled from, 0 for all (default: ${DEFAULT-VALUE})")
    private int topK;

    @Option(
            names = "--repetition-penalty",
            paramLabel = "R",
            description = "weakens tokens that were used before; 1 does not (default: ${DEFAULT-VALUE})")
    private double repetitionPenalty = 1;

    @Option(names = "--max-new-tokens", paramLabel = "N", description = "longest response (default: ${DEFAULT-VALUE})")
    private int maxNewTokens;

    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            description = "a text that ends a response, which is what is in front of it; may be given more than once."
                    + " A line feed is a line feed: in bash, --stop $'\\n\\nHuman:'")
    private List<String> stop = new ArrayList<>();

    @Option(names = "--seed", paramLabel = "S", description = "(default: ${DEFAULT-VALUE})")
    private long seed;

    /** With a command's defaults; all tokens, no penalty and seed 0 are everybody's. */
    SamplingFlags(double temperature, double topP, int maxNewTokens) {
        this.temperature = temperature;
        this.topP = topP;
        this.maxNewTokens = maxNewTokens;
    }

    /** The settings, or what is wrong with them or the stop texts. */
    SamplingSettings settings() {
        stop.forEach(StopTexts::check);
        return new SamplingSettings(temperature, topP, topK, repetitionPenalty, maxNewTokens);
    }

    /** What ends responses, in a tokenizer's tokens. */
    StopTexts stop(Tokenizer tokenizer) {
        return new StopTexts(tokenizer, stop);
    }

    /** What ends responses. */
    List<String> stop() {
        return stop;
    }

    long seed() {
        return seed;
    }
}
