package org.hone.spark.recipe;

import org.hone.data.preference.Margin;
import org.hone.data.template.ChatTemplate;
import org.hone.data.template.ExampleEncoder;

/**
 * How curated rows become token rows.
 *
 * @param tokenizer tokenizer file or folder, as a Hadoop path
 * @param template name of the chat template
 * @param maxLength longest row in tokens
 * @param responseTokens room that a prompt leaves for a response
 * @param margin m(r) that stands with every comparison
 */
public record EncodingRecipe(String tokenizer, String template, int maxLength, int responseTokens, Margin margin) {
    static EncodingRecipe read(Section section) {
        EncodingRecipe recipe = new EncodingRecipe(
                section.path("tokenizer"),
                section.text("template", "llama2"),
                section.integer("max-length", 4_096, ExampleEncoder.SMALLEST_MAX_LENGTH, 1 << 20),
                section.integer("response-tokens", 1_024, 1, 1 << 20),
                section.choice("margin", Margin.class, Margin.LARGE));
        try {
            ChatTemplate.named(recipe.template());
        } catch (IllegalArgumentException e) {
            section.refuse("template", String.valueOf(e.getMessage()));
        }
        if (recipe.responseTokens() > recipe.maxLength() - 1 - ExampleEncoder.KEPT_PROMPT_TOKENS) {
            section.refuse(
                    "response-tokens",
                    "got " + recipe.responseTokens() + ", leaves no room for a prompt in max-length "
                            + recipe.maxLength() + "; lower it or raise max-length");
        }
        return recipe;
    }
}
