package org.hone.spark.recipe;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class DistillRecipeTest {
    private static final String START = "name: small\nfrom: /run\nstart-from: /student\n";

    private static ResolvedRecipe<DistillRecipe> read(String yaml) {
        Variables variables = new Variables(Map.of("run", "/run", "student", "/student"));
        return RecipeReader.readDistillation(yaml, "recipe.yaml", variables, path -> path);
    }

    @Test
    void whatIsNotSaidIsThatOfLlama2sFineTuning() {
        ResolvedRecipe<DistillRecipe> resolved = read(START);
        DistillRecipe recipe = resolved.recipe();
        assertThat(recipe.round()).isNull();
        assertThat(recipe.tokenizer()).isEqualTo("/student");
        assertThat(recipe.template()).isEqualTo("llama2");
        assertThat(recipe.maxLength()).isEqualTo(4_096);
        assertThat(recipe.optimization().learningRate()).isEqualTo(2e-5);
        assertThat(recipe.optimization().epochs()).isEqualTo(2);
        assertThat(recipe.optimization().batchSize()).isEqualTo(64);
        assertThat(recipe.validation()).isEqualTo(new HeldOutPromptsRecipe(0, 50, false));
        assertThat(read(resolved.yaml()).recipe()).isEqualTo(recipe);
    }

    @Test
    void everyKeyIsRead() {
        DistillRecipe recipe = read(START + """
                seed: 7
                round: 3
                tokenizer: /pieces
                template: plain
                max-length: 128
                training: {ranks: 2}
                optimization: {lora: {rank: 4, save: adapters}}
                validation: {held-out-fraction: 0.2, every-steps: 5, keep-best: true}
                """).recipe();
        assertThat(recipe.seed()).isEqualTo(7);
        assertThat(recipe.round()).isEqualTo(3);
        assertThat(recipe.tokenizer()).isEqualTo("/pieces");
        assertThat(recipe.template()).isEqualTo("plain");
        assertThat(recipe.maxLength()).isEqualTo(128);
        assertThat(recipe.training().ranks()).isEqualTo(2);
        assertThat(recipe.optimization().lora().rank()).isEqualTo(4);
        assertThat(recipe.validation()).isEqualTo(new HeldOutPromptsRecipe(0.2, 5, true));
    }

    @Test
    void theShippedRecipeIsOne() throws IOException {
        String name = "/recipes/distill.yaml";
        try (InputStream in = Objects.requireNonNull(DistillRecipeTest.class.getResourceAsStream(name), name)) {
            DistillRecipe recipe =
                    read(new String(in.readAllBytes(), StandardCharsets.UTF_8)).recipe();
            assertThat(recipe.from()).isEqualTo("/run");
            assertThat(recipe.startFrom()).isEqualTo("/student");
            assertThat(recipe.tokenizer()).isEqualTo("/student");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'rounds: 2\n' | rounds: unknown key; did you mean round?",
                "'round: 0\n' | round: got 0, expected a whole number from 1 to 1000000",
                "'template: chatml\n' | template: unknown chat template 'chatml'; allowed are llama2, plain",
                "'max-length: 10\n' | max-length: got 10, expected a whole number from 34",
                "'optimization: {batch-size: 5}\n' | optimization: got batch-size 5, fewer rows than the 8 of training.gradient-lanes",
                "'validation: {shards: /s}\n' | validation.shards: unknown key; allowed here: held-out-fraction, every-steps, keep-best",
                "'validation: {keep-best: true}\n' | validation.keep-best: got true, but with validation.held-out-fraction 0 there is nothing to tell the best by; hold out 0.05, say"
            })
    void whatCannotBeIsRefused(String yaml, String message) {
        assertThatThrownBy(() -> read(START + yaml))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining(message);
    }

    @Test
    void whatIsMissingIsSaidAtOnce() {
        assertThatThrownBy(() -> read("seed: 1\n"))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("name: is missing")
                .hasMessageContaining("from: is missing; give a path")
                .hasMessageContaining("start-from: is missing; give a path");
    }
}
