package org.hone.spark.recipe;

import java.util.List;
import org.hone.data.tokenizer.StopTexts;
import org.hone.spark.executor.SamplingWeights;

/**
 * Best-of-K sampling (recipe section 7).
 *
 * @param prompts how many training prompts are sampled
 * @param newPrompts whether every round draws its own prompts; else they answer the same ones, so that a prompt's best gets better
 * @param passes in how many parts the prompts are sampled; after each the policy is fine-tuned, and the next is sampled from that one
 * @param samplesPerPrompt K
 * @param adaptive which prompts get fewer
 * @param temperature divides the logits; 0 is greedy
 * @param temperatureSearch how every round looks for a better temperature
 * @param topP probability mass of the nucleus; 1 keeps every token
 * @param topK most probable tokens kept; 0 keeps every token
 * @param repetitionPenalty weakens tokens that prompt or response hold already; 1 does not
 * @param maxNewTokens longest response, in tokens
 * @param stop texts that end a response: it is the text in front of the first of them
 * @param weights what the policy's matrices are kept as meanwhile
 */
public record RejectionSamplingRecipe(
        int prompts,
        boolean newPrompts,
        int passes,
        int samplesPerPrompt,
        AdaptiveSamplingRecipe adaptive,
        double temperature,
        TemperatureSearchRecipe temperatureSearch,
        double topP,
        int topK,
        double repetitionPenalty,
        int maxNewTokens,
        List<String> stop,
        SamplingWeights weights)
        implements java.io.Serializable {
    static RejectionSamplingRecipe read(Section section) {
        RejectionSamplingRecipe recipe = new RejectionSamplingRecipe(
                section.integer("prompts", 1_000, 1, Integer.MAX_VALUE),
                section.flag("new-prompts", true),
                section.integer("passes", 1, 1, 1_000),
                section.integer("samples-per-prompt", 8, 1, 4_096),
                AdaptiveSamplingRecipe.read(section.section("adaptive")),
                section.number("temperature", 1, 0, 10),
                TemperatureSearchRecipe.read(section.section("temperature-search")),
                section.number("top-p", 1, 1e-6, 1),
                section.integer("top-k", 0, 0, 1_000_000),
                section.number("repetition-penalty", 1, 0.1, 10),
                section.integer("max-new-tokens", 128, 1, 1_000_000),
                stop(section),
                section.choice("weights", SamplingWeights.class, SamplingWeights.FLOAT32));
        if (recipe.passes() > recipe.prompts()) {
            section.refuse(
                    "passes",
                    "got " + recipe.passes() + ", more than the " + recipe.prompts()
                            + " prompts that they share; lower it");
        }
        AdaptiveSamplingRecipe adaptive = recipe.adaptive();
        if (adaptive.leastGain() != null && adaptive.firstSamples() > recipe.samplesPerPrompt()) {
            section.refuse(
                    "adaptive",
                    "got first-samples " + adaptive.firstSamples() + ", more than samples-per-prompt "
                            + recipe.samplesPerPrompt()
                            + "; lower it, or raise samples-per-prompt, the most of a prompt");
        }
        return recipe;
    }

    private static List<String> stop(Section section) {
        List<String> texts = section.texts("stop");
        try {
            texts.forEach(StopTexts::check);
        } catch (IllegalArgumentException e) {
            section.refuse("stop", String.valueOf(e.getMessage()));
        }
        return texts;
    }
}
