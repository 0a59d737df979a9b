package org.hone.spark.recipe;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.hone.model.llama.LlamaConfig;
import org.hone.model.llama.ModelShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Recipes of single training stages. Figures are those of arXiv 2307.09288, sections 2.2, 3.1 and 3.2.2. */
final class TrainRecipeTest {
    private static final String START = "name: small\nshards: /d/shards\n";

    private static ResolvedRecipe<TrainRecipe> read(TrainRecipe.Kind kind, String yaml) {
        Variables variables = new Variables(Map.of("data", "/d", "base", "/b", "tokenizer", "/t", "axis", "safety"));
        return RecipeReader.readTraining(kind, yaml, "recipe.yaml", variables, path -> path);
    }

    private static TrainRecipe shipped(String size, TrainRecipe.Kind kind) {
        String name = "/recipes/llama2/" + size + "-" + kind.command() + ".yaml";
        try (InputStream in = Objects.requireNonNull(TrainRecipeTest.class.getResourceAsStream(name), name)) {
            return read(kind, new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .recipe();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "7b, PRETRAIN, 3e-4, 1, 1024, 0, 2000",
        "13b, PRETRAIN, 3e-4, 1, 1024, 0, 2000",
        "34b, PRETRAIN, 1.5e-4, 1, 1024, 0, 2000",
        "70b, PRETRAIN, 1.5e-4, 1, 1024, 0, 2000",
        "7b, SFT, 2e-5, 2, 64, 0.03, 0",
        "13b, SFT, 2e-5, 2, 64, 0.03, 0",
        "34b, SFT, 2e-5, 2, 64, 0.03, 0",
        "70b, SFT, 2e-5, 2, 64, 0.03, 0",
        "7b, REWARD_MODEL, 1e-5, 1, 512, 0.03, 5",
        "13b, REWARD_MODEL, 1e-5, 1, 512, 0.03, 5",
        "34b, REWARD_MODEL, 1e-5, 1, 512, 0.03, 5",
        "70b, REWARD_MODEL, 5e-6, 1, 512, 0.03, 5"
    })
    void llama2IsTrainedWithItsFigures(
            String size, TrainRecipe.Kind kind, double rate, int epochs, int batch, double warmup, int atLeast) {
        TrainRecipe recipe = shipped(size, kind);
        assertThat(recipe.optimization())
                .isEqualTo(new OptimizationRecipe(
                        rate,
                        OptimizationRecipe.Schedule.COSINE,
                        0.1,
                        warmup,
                        atLeast,
                        epochs,
                        batch,
                        kind == TrainRecipe.Kind.REWARD_MODEL ? 8_192 : 4_096,
                        0.1,
                        1,
                        0.9,
                        0.95,
                        1e-5,
                        LoraRecipe.NONE));
        assertThat(recipe.training().precision()).isEqualTo(TrainingRecipe.Precision.BF16);
        assertThat(recipe.training().activationCheckpointing()).isTrue();
        assertThat(recipe.name()).isEqualTo("llama2-" + size + "-" + kind.command());
        ModelRecipe fresh = recipe.model();
        if (kind == TrainRecipe.Kind.PRETRAIN) {
            assertThat(Objects.requireNonNull(fresh).config(32_000))
                    .isEqualTo(ModelShape.named(size).config());
        } else {
            assertThat(fresh).isNull();
            assertThat(recipe.initialModel("none")).isEqualTo("/b");
        }
    }

    @ParameterizedTest
    @EnumSource(ModelShape.class)
    void aFreshModelHasAShapeWhoseNumbersCanBeReplaced(ModelShape shape) {
        String yaml = START + "tokenizer: /t\nmodel: {shape: " + shape.label().toUpperCase(Locale.ROOT);
        ResolvedRecipe<TrainRecipe> whole = read(TrainRecipe.Kind.PRETRAIN, yaml + "}\n");
        LlamaConfig config = Objects.requireNonNull(whole.recipe().model()).config(777);
        assertThat(config.vocabularySize()).isEqualTo(777);
        assertThat(config.layers()).isEqualTo(shape.config().layers());
        assertThat(read(TrainRecipe.Kind.PRETRAIN, whole.yaml()).recipe())
                .as("as stored with the run")
                .isEqualTo(whole.recipe());
        ModelRecipe other = Objects.requireNonNull(
                read(TrainRecipe.Kind.PRETRAIN, yaml + ", layers: 3, vocabulary-size: 1000, tied-embeddings: true}\n")
                        .recipe()
                        .model());
        assertThat(other.config(777).layers()).isEqualTo(3);
        assertThat(other.config(777).vocabularySize()).isEqualTo(1_000);
        assertThat(other.config(777).tiedEmbeddings()).isTrue();
    }

    /** The feed-forward width of Llama 1 and 2 (7B) by their rule. */
    @Test
    void numbersAloneAreEnough() {
        ModelRecipe model = Objects.requireNonNull(read(
                        TrainRecipe.Kind.PRETRAIN,
                        START + "tokenizer: /t\nmodel: {hidden-size: 4096, layers: 32, attention-heads: 32}\n")
                .recipe()
                .model());
        assertThat(model.config(32_000)).isEqualTo(ModelShape.LLAMA_2_7B.config());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | start-from: is missing; give the folder of a model to start from, or in section model the shape",
                "'start-from: /b\nmodel: {shape: 7b}\n' | model: got a fresh model, and start-from /b",
                "'model: {shape: 7b}\n' | tokenizer: is missing; give a path",
                "'tokenizer: /t\nmodel: {shape: 8b}\n' | model.shape: got 8b, expected one of 260k, 15m",
                "'tokenizer: /t\nmodel: {layers: 2}\n' | model.hidden-size: is missing; give a whole number from 1",
                "'tokenizer: /t\nmodel: {shape: 7b, layers: 0}\n' | model.layers: got 0, expected a whole number from 1 to 1024",
                "'tokenizer: /t\nmodel: {shape: 7b, hidden-size: 4100}\n' | model.hidden-size: got 4100 for 32 attention-heads, expected a multiple of 64",
                "'tokenizer: /t\nmodel: {shape: 7b, key-value-heads: 3}\n' | model.key-value-heads: got 3, expected a divisor of the 32",
                "'tokenizer: /t\nmodel: {shape: 7b}\noptimization: {lora: {rank: 4}}\n' | optimization: got lora.rank 4, and adapters cannot teach a fresh model",
                "'start-from: /b\noptimization: {batch-size: 5}\n' | optimization: got batch-size 5, fewer rows than the 8 of training.gradient-lanes; lower these to at most 4",
                "'start-from: /b\ntraining: {ranks: 16}\n' | training.ranks: got 16, more than the 8 gradient-lanes"
            })
    void whatCannotBeTrainedIsRefused(String yaml, String message) {
        assertThatThrownBy(() -> read(TrainRecipe.Kind.PRETRAIN, START + yaml))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining(message);
    }

    @Test
    void onlyPretrainingStartsFromNothing() {
        assertThatThrownBy(() -> read(TrainRecipe.Kind.SFT, START + "model: {shape: 7b}\n"))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("start-from: is missing")
                .hasMessageContaining("model: unknown key");
    }
}
