package org.hone.spark.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.llama.Llama;
import org.hone.model.llama.LogProbs;
import org.hone.model.llama.TokenBatch;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Device;
import org.hone.spark.fixture.TinyModels;
import org.hone.spark.run.ModelCard;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

final class TextCommandsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder;

    private static String policy = "";
    private static String rewardModel = "";

    @BeforeAll
    static void models() throws IOException {
        policy = TinyModels.policy(folder.resolve("policy"), 1).toString();
        rewardModel = TinyModels.rewardModel(folder.resolve("reward-model"), 2).toString();
    }

    private static List<JsonNode> json(Shell shell) throws JsonProcessingException {
        assertThat(shell.err()).isEmpty();
        assertThat(shell.exit()).isZero();
        List<JsonNode> lines = new ArrayList<>();
        for (String line : shell.lines()) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    private static void refused(Shell shell, String... message) {
        assertThat(shell.exit()).isEqualTo(2);
        assertThat(shell.err()).startsWith("hone: ").contains(message).doesNotContain("\tat ", "Exception");
    }

    @Test
    void textsBecomeTokensAndTexts() throws IOException {
        String text = "the dog\n\n  Iğdır </s> 犬\n";
        Shell encoded = Shell.pipe(text, "tokenize", policy);
        List<JsonNode> lines = json(encoded);
        assertThat(lines).hasSize(3);
        assertThat(lines.get(1).path("ids")).isEmpty();
        assertThat(lines.get(0).path("pieces").get(0).textValue()).startsWith("▁");
        assertThat(lines)
                .allSatisfy(line -> assertThat(line.path("ids").size())
                        .isEqualTo(line.path("pieces").size()));
        StringBuilder ids = new StringBuilder();
        lines.forEach(line -> ids.append(line.path("ids")).append('\n'));
        assertThat(json(Shell.pipe(ids.toString(), "tokenize", "--decode", policy)))
                .extracting(JsonNode::textValue)
                .containsExactly("the dog", "", "  Iğdır </s> 犬");
        String spaced = ids.toString().replaceAll("[\\[\\],]+", " ");
        Path file = Files.writeString(folder.resolve("ids.txt"), spaced);
        assertThat(Shell.run("tokenize", "-d", policy, file.toString()))
                .isEqualTo(Shell.pipe(ids.toString(), "tokenize", "-d", policy));
    }

    @Test
    void logProbsAreTheModels() throws IOException {
        JsonNode line = json(Shell.pipe("the lazy dog\n", "logprobs", policy)).get(0);
        int[] ids = JSON.convertValue(line.path("ids"), int[].class);
        try (Tokenizer tokenizer = Tokenizer.open(Path.of(policy));
                Llama llama = HuggingFaceFolder.loadPolicy(Path.of(policy), Device.cpu())) {
            assertThat(ids).startsWith(tokenizer.bosId()).endsWith(tokenizer.encode("the lazy dog"));
            float[] expected = LogProbs.of(llama, TokenBatch.of(List.of(ids), 0))[0];
            double sum = 0;
            for (int t = 0; t < expected.length; t++) {
                assertThat(line.path("log_probs").get(t + 1).floatValue()).isEqualTo(expected[t]);
                sum += expected[t];
            }
            assertThat(line.path("sum").doubleValue()).isCloseTo(sum, within(1e-9));
        }
        assertThat(line.path("log_probs").get(0).isNull())
                .as("nothing predicts the first token")
                .isTrue();
        assertThat(line.path("log_probs")).hasSize(ids.length);
        assertThat(json(Shell.pipe(line.path("ids") + "\n", "logprobs", "--tokens", policy))
                        .get(0))
                .isEqualTo(line);
    }

    @Test
    void greedyTextIsTheMostProbable() throws IOException {
        Shell first = Shell.pipe("the\n\n", "generate", policy, "--max-new-tokens", "5");
        List<JsonNode> lines = json(first);
        assertThat(lines).hasSize(2);
        assertThat(lines.get(1).path("prompt").textValue()).isEmpty();
        assertThat(Shell.pipe("the\n\n", "generate", policy, "--max-new-tokens", "5", "--seed", "8"))
                .as("greedy text has no chance in it")
                .isEqualTo(first);
        assertThat(lines.get(0).path("ids").size()).isBetween(1, 5);
        // Each id of the continuation is the one that no other beats, by the model's own numbers.
        List<Integer> row = new ArrayList<>(List.of(1));
        try (Tokenizer tokenizer = Tokenizer.open(Path.of(policy));
                Llama llama = HuggingFaceFolder.loadPolicy(Path.of(policy), Device.cpu())) {
            for (int id : tokenizer.encode("the")) {
                row.add(id);
            }
            for (JsonNode id : lines.get(0).path("ids")) {
                assertThat(id.intValue()).isEqualTo(mostProbable(llama, row));
                row.add(id.intValue());
            }
        }
    }

    private static int mostProbable(Llama llama, List<Integer> row) {
        int best = -1;
        float highest = Float.NEGATIVE_INFINITY;
        for (int candidate = 0; candidate < llama.config().vocabularySize(); candidate++) {
            int[] ids = new int[row.size() + 1];
            for (int t = 0; t < row.size(); t++) {
                ids[t] = row.get(t);
            }
            ids[row.size()] = candidate;
            float[] logProbs = LogProbs.of(llama, TokenBatch.of(List.of(ids), 0))[0];
            if (logProbs[logProbs.length - 1] > highest) {
                highest = logProbs[logProbs.length - 1];
                best = candidate;
            }
        }
        return best;
    }

    @Test
    void sampledTextFollowsItsSeed() throws IOException {
        String[] command = {"generate", policy, "--temperature", "1", "--max-new-tokens", "6", "--samples", "3"};
        Shell first = Shell.pipe("the\nthe\n", command);
        List<JsonNode> lines = json(first);
        assertThat(lines).extracting(line -> line.path("sample").intValue()).containsExactly(0, 1, 2, 0, 1, 2);
        assertThat(lines).extracting(line -> line.path("ids").toString()).doesNotHaveDuplicates();
        assertThat(lines).allSatisfy(line -> assertThat(line.path("log_probs")).hasSameSizeAs(line.path("ids")));
        assertThat(Shell.pipe("the\nthe\n", command)).isEqualTo(first);
        String[] reseeded = java.util.Arrays.copyOf(command, command.length + 1);
        reseeded[command.length] = "--seed=1";
        assertThat(Shell.pipe("the\nthe\n", reseeded).out()).isNotEqualTo(first.out());
    }

    @Test
    void stopTextsCutTheTextAndKeepWhatWasDrawn() throws IOException {
        String[] command = {"generate", policy, "--temperature=1", "--samples=4", "--max-new-tokens=40"};
        JsonNode whole = json(Shell.pipe("the\n", command)).get(2);
        String text = whole.path("text").textValue();
        String stop = text.substring(text.length() / 2, text.length() / 2 + 2);
        assertThat(stop).doesNotContain("\uFFFD");
        String[] stopping = java.util.Arrays.copyOf(command, command.length + 3);
        System.arraycopy(new String[] {"--stop=never there", "--stop", stop}, 0, stopping, command.length, 3);
        JsonNode cut = json(Shell.pipe("the\n", stopping)).get(2);
        assertThat(cut.path("finish_reason").textValue()).isEqualTo("STOP");
        assertThat(cut.path("text").textValue()).isEqualTo(text.substring(0, text.indexOf(stop)));
        int[] ids = JSON.convertValue(cut.path("ids"), int[].class);
        assertThat(JSON.convertValue(whole.path("ids"), int[].class)).startsWith(ids);
        assertThat(cut.path("log_probs")).hasSize(ids.length);
        try (Tokenizer tokenizer = Tokenizer.open(Path.of(policy))) {
            assertThat(tokenizer.decode(ids)).startsWith(cut.path("text").textValue() + stop);
        }
    }

    @Test
    void chatsAndRewardsUseTheTemplate() throws IOException {
        assertThat(json(Shell.pipe("hi\n", "generate", policy, "--chat", "--template", "plain", "--max-new-tokens=2")))
                .hasSize(1);
        String good = message("user", "hi") + ", " + message("assistant", "the dog");
        String other = message("user", "hi") + ", " + message("assistant", "a fox");
        String both = "{\"messages\": [" + good + "]}\n{\"messages\": [" + other + "]}\n";
        List<JsonNode> rewards = json(Shell.pipe(both, "rewards", rewardModel, "--template", "plain"));
        assertThat(rewards).hasSize(2).allMatch(line -> line.path("reward").isFloatingPointNumber());
        assertThat(rewards.get(0)).isNotEqualTo(rewards.get(1));
        refused(
                Shell.pipe(both, "rewards", rewardModel),
                "does not say which template it was trained with; add --template llama2 or --template plain");
        refused(Shell.pipe("hi\n", "generate", policy, "--chat", "--template", "lama2"), "'lama2'; allowed are");
    }

    private static String message(String role, String content) {
        return "{\"role\": \"" + role + "\", \"content\": \"" + content + "\"}";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "not JSON | standard input:1: not JSON: Unrecognized token",
                "{} | standard input:1: expected messages that end with a user's and an assistant's; got 0",
                "{\"messages\": [{\"role\": \"user\"}]} | expected role and content as texts",
                "{\"messages\": [{\"role\": \"king\", \"content\": \"\"}]} | got the role king, expected system, user",
                "{\"messages\": [{\"role\": \"assistant\", \"content\": \"\"}, {\"role\": \"assistant\", "
                        + "\"content\": \"\"}]} | standard input:1: turn 1 of the dialogue: expected USER"
            })
    void dialoguesThatCannotBeReadAreNamed(String line, String message) {
        refused(Shell.pipe(line + "\n", "rewards", rewardModel, "--template", "plain"), message);
    }

    @Test
    void inputsThatCannotBeReadAreNamed() throws IOException {
        String absent = folder.resolve("absent").toString();
        refused(Shell.run("logprobs", absent), absent + ": there is no such model folder");
        refused(Shell.run("generate", policy, absent), absent + ": there is no such file");
        refused(Shell.run("tokenize", absent), absent + ": no such tokenizer file");
        for (String command : List.of("tokenize", "logprobs", "generate")) {
            refused(Shell.run(command, policy), "standard input: is empty, expected at least one line");
            refused(
                    Shell.pipe(new byte[] {'a', '\n', (byte) 0xff, '\n'}, command, policy),
                    "standard input: is not UTF-8 beyond line 0");
        }
        Path cut = folder.resolve("cut");
        TinyModels.policy(cut, 3);
        Path weights = cut.resolve("model.safetensors");
        Files.write(weights, java.util.Arrays.copyOf(Files.readAllBytes(weights), 5_000));
        refused(Shell.pipe("the\n", "logprobs", cut.toString()), "model.safetensors");
        refused(Shell.pipe("the\n", "logprobs", rewardModel), "policies and reward models cannot stand in");
    }

    @Test
    void aTokenizerOfAnotherModelIsRefused() throws IOException {
        Path small = folder.resolve("small");
        try (Llama llama = Llama.initialise(TinyModels.config(280), 0, Device.cpu())) {
            HuggingFaceFolder.savePolicy(llama, small, DataType.FLOAT32);
        }
        refused(
                Shell.pipe("the\n", "logprobs", small.toString(), "--tokenizer", policy),
                "the tokenizer has 300 pieces, but " + small + " has vocab_size 280; give the tokenizer that");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tokenize -d | 1 300 | standard input:1: token id 300 is outside the vocabulary, 0 to 299",
                "tokenize -d | [1, -1] | standard input:1: token id -1 is outside the vocabulary",
                "tokenize -d | one | standard input:1: got one, expected token ids such as [1, 403, 2]",
                "logprobs --tokens | 1 300 | standard input:1: token id 300 is outside the vocabulary",
                "logprobs --tokens | 1 | standard input:1: got 1 tokens, expected 2 to 96",
                "generate --samples=0 | the | --samples: got 0, expected at least 1",
                "generate --temperature=-1 | the | temperature: -1.0 must be a number from 0",
                "generate --top-p=0 | the | top-p: 0.0 must be above 0 and at most 1",
                "generate --max-new-tokens=0 | the | max-new-tokens: 0 must be at least 1",
                "generate --stop= | the | got an empty stop text, which every response begins with",
                "generate --threads=0 | the | threads: 0 must be at least 1"
            })
    void valuesOutOfRangeAreNamed(String command, String line, String message) {
        String[] words = command.split(" ");
        String[] arguments = java.util.Arrays.copyOf(words, words.length + 1);
        arguments[words.length] = policy;
        refused(Shell.pipe(line + "\n", arguments), message);
    }

    @Test
    void aPromptThatFillsTheContextIsNamed() {
        String long95 = "犬".repeat(40);
        refused(
                Shell.pipe("the\n" + long95 + "\n", "generate", policy, "--max-new-tokens=1"),
                "standard input:2: the prompt has ",
                "which leaves no room in the model's context of 96");
    }

    @Test
    void modelsAreAveraged() throws IOException {
        String other = TinyModels.rewardModel(folder.resolve("other"), 3).toString();
        String mean = folder.resolve("mean").toString();
        refused(Shell.run("average", rewardModel, folder + "/nowhere", "-o", mean), "nowhere", "no such folder");
        Shell average = Shell.run("average", rewardModel, other, "-o", mean);
        assertThat(average.exit()).as(average.err()).isZero();
        String dialogue = "{\"messages\":[{\"role\":\"user\",\"content\":\"the dog\"},"
                + "{\"role\":\"assistant\",\"content\":\"jumps\"}]}\n";
        assertThat(json(Shell.pipe(dialogue, "rewards", "--template", "plain", mean)))
                .hasSize(1);
        new ModelCard("llama2", 7, null).write(Path.of(other));
        refused(Shell.run("average", rewardModel, other, "-o", mean), "the template llama2", "up to 7 tokens");
    }
}
