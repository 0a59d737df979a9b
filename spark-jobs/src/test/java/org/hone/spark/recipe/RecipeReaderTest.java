package org.hone.spark.recipe;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.hone.data.preference.Margin;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class RecipeReaderTest {
    private static final String SMALLEST = """
            name: small
            base-model: ${data}/model
            preferences:
              sources:
                - {name: hh, path: "${data}/hh.jsonl", fine-tuning-target: true}
            """;

    private static ResolvedRecipe<Recipe> read(String yaml) {
        return RecipeReader.read(yaml, "recipe.yaml", new Variables(Map.of("data", "/d")), path -> path);
    }

    @Test
    void defaultsAreThoseOfLlama2() {
        Recipe recipe = read(SMALLEST).recipe();
        assertThat(recipe.baseModel()).isEqualTo("/d/model");
        assertThat(recipe.tokenizer()).isEqualTo("/d/model");
        assertThat(recipe.sft().learningRate()).isEqualTo(2e-5);
        assertThat(recipe.sft().epochs()).isEqualTo(2);
        assertThat(recipe.sft().batchSize()).isEqualTo(64);
        assertThat(recipe.rewardModel().optimization().learningRate()).isEqualTo(1e-5);
        assertThat(recipe.rewardModel().optimization().batchSize()).isEqualTo(512);
        assertThat(recipe.rewardModel().optimization().warmupSteps()).isEqualTo(5);
        assertThat(recipe.rewardModel().optimization().finalFraction()).isEqualTo(0.1);
        assertThat(recipe.rewardModel().margin()).isEqualTo(Margin.SMALL);
        assertThat(recipe.sft().beta2()).isEqualTo(0.95);
        assertThat(recipe.maxLength()).isEqualTo(4096);
    }

    @Test
    void storedRecipesSpellOutEveryDefaultAndReadAsThemselves() {
        ResolvedRecipe<Recipe> resolved = read(SMALLEST);
        assertThat(resolved.yaml()).contains("learning-rate: 2.0E-5").contains("path: /d/hh.jsonl");
        assertThat(read(resolved.yaml()).recipe()).isEqualTo(resolved.recipe());
    }

    @Test
    void stopTextsAreKeptToTheLetter() {
        assertThat(read(SMALLEST).recipe().rejectionSampling().stop()).isEmpty();
        ResolvedRecipe<Recipe> resolved =
                read(SMALLEST + "rejection-sampling: {stop: [\"\\n\\nHuman:\", ' # ', \"\\t: -\"]}\n");
        assertThat(resolved.recipe().rejectionSampling().stop()).containsExactly("\n\nHuman:", " # ", "\t: -");
        assertThat(read(resolved.yaml()).recipe()).isEqualTo(resolved.recipe());
        assertThatThrownBy(() -> read(SMALLEST + "rejection-sampling: {stop: [a, '']}\n"))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("recipe.yaml:6: rejection-sampling.stop: got an empty stop text");
        assertThatThrownBy(() -> read(SMALLEST + "rejection-sampling: {stop: a}\n"))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("rejection-sampling.stop: got a, expected a list of texts");
    }

    @Test
    void passesShareThePromptsOfARound() {
        assertThat(read(SMALLEST).recipe().rejectionSampling().passes()).isEqualTo(1);
        assertThatThrownBy(() -> read(SMALLEST + "rejection-sampling: {prompts: 4, passes: 5}\n"))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining(
                        "recipe.yaml:6: rejection-sampling.passes: got 5, more than the 4 prompts that they"
                                + " share; lower it");
    }

    @Test
    void unknownKeysNameTheLineAndTheNearestKey() {
        assertThatThrownBy(() -> read(SMALLEST + "sft:\n  learning-rat: 1\n"))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("recipe.yaml:7: sft.learning-rat: unknown key; did you mean learning-rate?")
                .hasMessageContaining("batch-size");
    }

    @Test
    void aRoundRunsWholeModels() {
        String lora = "sft:\n  lora: {rank: 8, targets: [q_proj]";
        assertThat(read(SMALLEST + lora + "}\n").recipe().sft().lora().rank()).isEqualTo(8);
        assertThatThrownBy(() -> read(SMALLEST + lora + ", save: adapters}\n"))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("sft: got lora.save adapters, and the later stages of a round run whole models");
    }

    @Test
    void everyProblemIsReportedAtOnce() {
        assertThatThrownBy(
                        () -> read(SMALLEST + "sft: {learning-rate: 7, epochs: many}\ntraining: {gradient-lanes: 3}\n"))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("sft.learning-rate: got 7, expected a number from 1.0E-9 to 1.0")
                .hasMessageContaining("sft.epochs: got many, expected a whole number from 1 to 1000")
                .hasMessageContaining("training.gradient-lanes: got 3, expected a power of two");
    }

    @Test
    void missingKeysSayWhatToGive() {
        assertThatThrownBy(() -> read("name: x\n"))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("base-model: is missing; give a path (file:, hdfs:, s3a: or a local one)")
                .hasMessageContaining("preferences.sources: expected a list");
    }

    @Test
    void undefinedVariablesSayHowToDefineThem() {
        assertThatThrownBy(() -> RecipeReader.read(SMALLEST, "recipe.yaml", new Variables(Map.of()), path -> path))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("recipe.yaml:2: base-model: ${data} is not defined; add -D data=VALUE");
    }

    @Test
    void pathsAreSpeltOutForEveryProcessOfTheCluster() {
        ResolvedRecipe<Recipe> recipe = RecipeReader.read(
                SMALLEST,
                "recipe.yaml",
                new Variables(Map.of("data", "../data")),
                path -> "hdfs://host/user/me/" + path);
        assertThat(recipe.recipe().baseModel()).startsWith("hdfs://host/user/me/../data");
        assertThat(recipe.recipe().tokenizer()).isEqualTo(recipe.recipe().baseModel());
        assertThat(recipe.recipe().preferences().sources())
                .allSatisfy(source -> assertThat(source.path()).startsWith("hdfs://host/user/me/../data"));
        assertThat(recipe.yaml()).contains("base-model: hdfs://host/user/me/../data");
    }

    @Test
    void pathsOfUnknownFileSystemsAreRefused() {
        PathResolver none = path -> {
            throw new IOException("No FileSystem for scheme \"ftpx\"");
        };
        assertThatThrownBy(() ->
                        RecipeReader.read(SMALLEST, "recipe.yaml", new Variables(Map.of("data", "ftpx://h")), none))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("recipe.yaml:2: base-model: got ${data}")
                .hasMessageContaining("No FileSystem for scheme")
                .hasMessageContaining("expected a path (file:, hdfs:, s3a: or a local one)");
    }

    @Test
    void choicesListWhatIsAllowed() {
        assertThatThrownBy(() -> read(SMALLEST + "reward-model: {margin: huge}\n"))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("reward-model.margin: got huge, expected one of none, small, large");
    }

    @Test
    void keysThatStandTwiceAreRefused() {
        assertThatThrownBy(() -> read(SMALLEST + "name: again\n"))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("name: stands here twice");
    }

    @Test
    void impossibleCombinationsAreRefused() {
        assertThatThrownBy(() -> read(SMALLEST + "training: {gradient-lanes: 6}\nmax-length: 100\n"))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("training.gradient-lanes: got 6, expected a power of two")
                .hasMessageContaining("max-length: got 100, too short for rejection-sampling.max-new-tokens 128");
    }

    @Test
    void brokenYamlNamesItsLine() {
        assertThatThrownBy(() -> read("name: [\nbase"))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("recipe.yaml:2: not YAML");
    }

    @Test
    void yamlCannotConstructObjects() {
        assertThatThrownBy(() -> read("name: !!java.net.URL [\"http://localhost\"]\n"))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("recipe.yaml:1: not YAML: Global tag is not allowed");
    }

    @Test
    void shippedRecipesAreValid() throws IOException {
        for (String name : new String[] {"quickstart", "hh-stories260k"}) {
            try (InputStream in = RecipeReaderTest.class.getResourceAsStream("/recipes/" + name + ".yaml")) {
                assertThat(in).as(name).isNotNull();
                String yaml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                Variables variables = new Variables(Map.of("data", "/d", "run", "/r", "seed", "7"));
                Recipe recipe =
                        RecipeReader.read(yaml, name, variables, path -> path).recipe();
                assertThat(recipe.name()).isEqualTo(name);
                assertThat(recipe.seed()).isEqualTo(name.equals("quickstart") ? 7 : 1);
            }
        }
    }
}
