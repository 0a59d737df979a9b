package org.hone.spark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.hone.spark.fixture.TinyModels;
import org.hone.spark.run.ModelCard;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Answers against {@code hone generate}'s, and their rewards against {@code hone rewards}'. */
final class ChatCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOKENS = "--max-new-tokens=12";

    @TempDir
    private static Path folder;

    private static String policy = "";
    private static String rewardModel = "";

    @BeforeAll
    static void models() throws IOException {
        policy = TinyModels.policy(folder.resolve("policy"), 1).toString();
        Path judge = TinyModels.rewardModel(folder.resolve("reward-model"), 2);
        new ModelCard("plain", TinyModels.CONTEXT, null).write(judge);
        rewardModel = judge.toString();
    }

    private static Shell chat(String lines, String... more) {
        String[] arguments = new String[5 + more.length];
        List<String> first = List.of("chat", policy, "--template=plain", TOKENS, "--reward-model=help=" + rewardModel);
        System.arraycopy(first.toArray(String[]::new), 0, arguments, 0, 5);
        System.arraycopy(more, 0, arguments, 5, more.length);
        return Shell.pipe(lines, arguments);
    }

    private static String answer(String message, String... more) throws IOException {
        String[] arguments = new String[5 + more.length];
        List<String> first = List.of("generate", policy, "--chat", "--template=plain", TOKENS);
        System.arraycopy(first.toArray(String[]::new), 0, arguments, 0, 5);
        System.arraycopy(more, 0, arguments, 5, more.length);
        return JSON.readTree(Shell.pipe(message + "\n", arguments).out())
                .path("text")
                .textValue();
    }

    private static String reward(String... messages) throws IOException {
        List<Map<String, String>> turns = new java.util.ArrayList<>();
        for (int i = 0; i < messages.length; i++) {
            turns.add(Map.of("role", i % 2 == 0 ? "user" : "assistant", "content", messages[i]));
        }
        String line = JSON.writeValueAsString(Map.of("messages", turns));
        JsonNode judged =
                JSON.readTree(Shell.pipe(line + "\n", "rewards", rewardModel).out());
        return String.format(
                Locale.ROOT, "  help: reward %.3f", judged.path("reward").doubleValue());
    }

    @Test
    void answersAndRewardsAreThoseOfTheOtherCommands() throws IOException {
        String first = answer("the dog");
        Shell shell = chat("the dog\n\n/new\nthe dog\n/quit\nnever read\n", "--temperature=0", "--top-p=1");
        assertThat(shell.err()).isEmpty();
        assertThat(shell.exit()).isZero();
        String once = first + System.lineSeparator() + reward("the dog", first) + System.lineSeparator();
        assertThat(shell.out()).isEqualTo(once + once);
    }

    @Test
    void whatWasSaidBeforeIsPartOfTheDialogue() throws IOException {
        Shell shell = chat("the dog\nthe fox\n", "--temperature=0", "--top-p=1");
        List<String> rewards = shell.lines().stream()
                .filter(line -> line.startsWith("  help: reward "))
                .toList();
        assertThat(rewards).hasSize(2);
        String first = answer("the dog");
        String between = rewards.get(0) + System.lineSeparator();
        String second = shell.out().substring(shell.out().indexOf(between) + between.length());
        second = second.substring(0, second.lastIndexOf(System.lineSeparator() + "  help: "));
        assertThat(rewards).containsExactly(reward("the dog", first), reward("the dog", first, "the fox", second));
        assertThat(chat("the fox\n", "--temperature=0", "--top-p=1").out()).doesNotContain(rewards.get(1));
    }

    @Test
    void answersEndInFrontOfAStopText() throws IOException {
        String first = answer("the dog");
        String stop = first.substring(first.length() / 2, first.length() / 2 + 1);
        assertThat(stop).isNotEqualTo("\uFFFD");
        String cut = first.substring(0, first.indexOf(stop));
        assertThat(answer("the dog", "--stop", stop)).isEqualTo(cut);
        Shell shell = chat("the dog\n", "--temperature=0", "--top-p=1", "--stop", stop);
        assertThat(shell.out())
                .isEqualTo(cut + System.lineSeparator() + reward("the dog", cut) + System.lineSeparator());
    }

    @Test
    void theSeedDecides() {
        Shell one = chat("the dog\n", "--seed=1", "--temperature=1.5");
        assertThat(chat("the dog\n", "--seed=1", "--temperature=1.5")).isEqualTo(one);
        assertThat(chat("the dog\n", "--seed=2", "--temperature=1.5")).isNotEqualTo(one);
    }

    @Test
    void aRewardModelWithoutACardIsRefused() throws IOException {
        Path bare = TinyModels.rewardModel(folder.resolve("bare"), 3);
        Shell shell = Shell.pipe("hi\n", "chat", policy, "--template=plain", "--reward-model=help=" + bare);
        assertThat(shell.exit()).isEqualTo(2);
        assertThat(shell.err()).contains("does not say which template it was trained with");
    }
}
