package org.hone.spark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.llama.Llama;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Device;
import org.hone.spark.fixture.HelpfulHarmless;
import org.hone.spark.fixture.LocalSpark;
import org.hone.spark.fixture.TinyModels;
import org.hone.spark.recipe.RecipeReader;
import org.hone.spark.recipe.Variables;
import org.hone.spark.session.HoneSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Wrong input ends a round within seconds, before anything of it exists. */
@Timeout(60)
final class RoundCommandTest {
    private static final String RECIPE = """
            name: wrong
            seed: 1
            base-model: ${data}/base
            template: plain
            max-length: 96
            preferences:
              held-out-fraction: 0.2
              sources:
                - {name: hh, path: "${data}/hh/*.jsonl", fine-tuning-target: true}
            training: {ranks: 1, gradient-lanes: 4}
            rejection-sampling: {prompts: 4, max-new-tokens: 8}
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void inputs() throws IOException {
        LocalSpark.useTwoSlots();
        TinyModels.policy(folder.resolve("base"), 1);
        HelpfulHarmless.write(folder.resolve("hh/a.jsonl"), HelpfulHarmless.line("why?", "because", "no") + "\n");
    }

    private Shell round(String recipe) throws IOException {
        Path file = Files.writeString(folder.resolve("recipe.yaml"), recipe);
        return Shell.run("round", file.toString(), "-o", folder.resolve("run").toString(), "-Ddata=" + folder);
    }

    private void refuses(String recipe, String... messages) throws IOException {
        refused(round(recipe), messages);
        assertThat(folder.resolve("run")).doesNotExist();
    }

    private static void refused(Shell shell, String... messages) {
        assertThat(shell.err()).startsWith("hone: ").contains(messages).doesNotContain("Exception", "\tat ");
        assertThat(shell.exit()).isEqualTo(2);
        assertThat(shell.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "seed: 1 | sead: 1 | recipe.yaml:2: sead: unknown key; did you mean seed?",
                "held-out-fraction: 0.2 | held-out-fraction: 2 | preferences.held-out-fraction: got 2, expected a number",
                "held-out-fraction: 0.2 | held-out-fraction: NaN | preferences.held-out-fraction: got NaN",
                "ranks: 1 | ranks: one | training.ranks: got one, expected a whole number from 0",
                "gradient-lanes: 4 | gradient-lanes: 3 | training.gradient-lanes: got 3, expected a power of two",
                "max-length: 96 | max-length: 20 | max-length: got 20, expected a whole number from 34",
                "max-length: 96 | max-length: 24000000000 | max-length: got 24000000000, expected a whole number",
                "max-new-tokens: 8 | max-new-tokens: 80 | max-length: got 96, too short for rejection-sampling.max-new",
                "${data}/base | ${date}/base | ${date}",
                "name: wrong | name: [] | recipe.yaml:1: name: got a list, expected a text",
                "name: wrong | ? [a] | recipe.yaml:1: ?: expected the name of a key, got a list",
                "name: wrong | name: wrong: | recipe.yaml:1: not YAML",
                "fine-tuning-target: true | fine-tuning-target: false | no source has fine-tuning-target: true"
            })
    void recipesAreReadBeforeAnythingElse(String part, String wrong, String message) throws IOException {
        assertThat(RECIPE).contains(part);
        refuses(RECIPE.replace(part, wrong), message);
    }

    @Test
    void recipesThatAreNoneAreNamed() throws IOException {
        refuses("", "is empty; see conf/recipes for what a recipe needs");
        refuses("- a\n- b\n", "recipe: expected keys and values, got a list");
        Path absent = folder.resolve("absent.yaml");
        refused(
                Shell.run(
                        "round", absent.toString(), "-o", folder.resolve("run").toString()),
                absent + ": there is no such recipe file");
    }

    @Test
    void everythingThatIsNotThereIsToldAtOnce() throws IOException {
        refuses(
                RECIPE.replace("/base", "/absent").replace("/hh/", "/hc/").replace("plain", "lama2"),
                "base-model: there is nothing at file:" + folder + "/absent",
                "preferences.sources: hh: no file at file:" + folder + "/hc/*.jsonl; check the path",
                "template: unknown chat template 'lama2'; allowed are");
    }

    @Test
    void aModelThatIsCutOffIsRefused() throws IOException {
        Path weights = folder.resolve("base/model.safetensors");
        Files.write(weights, Arrays.copyOf(Files.readAllBytes(weights), 5_000));
        refuses(RECIPE, "base-model: ", "model.safetensors");
    }

    @Test
    void aModelOfAnotherKindOrTooShortAContextIsRefused() throws IOException {
        TinyModels.rewardModel(folder.resolve("judge"), 1);
        refuses(RECIPE.replace("/base", "/judge"), "base-model: ", "policies and reward models cannot stand in");
        refuses(
                RECIPE.replace("max-length: 96", "max-length: 97"),
                "max-length: 97 is more than the base model's context of 96 tokens");
    }

    @Test
    void aTokenizerOfAnotherModelIsRefused() throws IOException {
        Path small = folder.resolve("small");
        try (Llama llama = Llama.initialise(TinyModels.config(280), 0, Device.cpu())) {
            HuggingFaceFolder.savePolicy(llama, small, DataType.FLOAT32);
        }
        TinyModels.tokenizer(small.resolve(Tokenizer.SENTENCE_PIECE_FILE));
        refuses(RECIPE.replace("/base", "/small"), "tokenizer: ", "has 300 pieces, but ", "has vocab_size 280");
    }

    @Test
    void moreRanksThanSlotsAreRefused() throws IOException {
        refuses(
                RECIPE.replace("ranks: 1", "ranks: 4"),
                "training.ranks: 4 ranks must run at once, but the cluster offers 2 slots; lower training.ranks");
    }

    @Test
    void aFolderOfSomethingElseIsLeftAsItIs() throws IOException {
        Path run = Files.createDirectories(folder.resolve("run"));
        Path precious = run.resolve("thesis.txt");
        Files.writeString(precious, "precious");
        refused(round(RECIPE), "holds files but no recipe.yaml, so it is not a run of Hone; give --output an empty");
        try (var files = Files.list(run)) {
            assertThat(files).containsExactly(precious);
        }
    }

    @Test
    void aRunGoesOnWithItsOwnRecipeOnly() throws IOException {
        String first = RecipeReader.read(
                        RECIPE, "", new Variables(Map.of("data", folder.toString())), HoneSession.storage()::qualified)
                .yaml();
        Path run = Files.createDirectories(folder.resolve("run"));
        Path stored = run.resolve("recipe.yaml");
        Files.writeString(stored, first);
        refused(
                round(RECIPE.replace("seed: 1", "seed: 2")),
                "this run was started with another recipe",
                "seed: the run has 1, the recipe now says 2",
                "give --output a new folder");
        assertThat(Files.readString(stored)).isEqualTo(first);
        try (var files = Files.list(run)) {
            assertThat(files).containsExactly(stored);
        }
    }
}
