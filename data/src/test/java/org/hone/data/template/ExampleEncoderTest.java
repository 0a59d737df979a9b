package org.hone.data.template;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.dialogue.Role;
import org.hone.data.dialogue.Turn;
import org.hone.data.tokenizer.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Properties of rows over random dialogues, seeded; the smallest cases by hand. */
class ExampleEncoderTest {
    private static final Path TOKENIZERS = Path.of("src/test/resources/tokenizer");
    private static final List<String> WORDS = List.of(
            "the",
            "baker",
            " ",
            "\n",
            "\n\n",
            "1987",
            "</s>",
            "<s>",
            "[/INST]",
            "\n\nHuman:",
            "\n\nAssistant:",
            "<|eot_id|>",
            "\ud83d\ude80",
            "\u0000",
            "<<SYS>>",
            "Überall",
            "\ufffd",
            ".");

    @ParameterizedTest
    @CsvSource({"sentencepiece, llama2", "sentencepiece, plain", "llama3-style, llama2", "llama3-style, plain"})
    void rowsHaveTheirProperties(String folder, String name) throws IOException {
        ChatTemplate template = ChatTemplate.named(name);
        Random random = new Random(20_261_121);
        int cutPrompts = 0;
        int cutResponses = 0;
        try (Tokenizer tokenizer = Tokenizer.open(TOKENIZERS.resolve(folder))) {
            for (int i = 0; i < 400; i++) {
                int maxLength = ExampleEncoder.SMALLEST_MAX_LENGTH + random.nextInt(600);
                Dialogue dialogue = dialogue(random);
                String response = text(random, 60);
                EncodedExample row = new ExampleEncoder(tokenizer, template, maxLength).encode(dialogue, response);
                check(row, tokenizer, maxLength);

                int[] prompt = template.prompt(tokenizer, dialogue);
                int[] kept = Arrays.copyOfRange(prompt, prompt.length - row.prompt().length + 1, prompt.length);
                assertThat(Arrays.copyOfRange(row.prompt(), 1, row.prompt().length))
                        .isEqualTo(kept);
                int[] whole = template.response(tokenizer, response);
                assertThat(row.response()).isEqualTo(Arrays.copyOf(whole, row.response().length));
                assertThat(row.droppedPromptTokens()).isEqualTo(prompt.length - row.prompt().length);
                assertThat(row.droppedResponseTokens()).isEqualTo(whole.length - row.response().length);
                cutPrompts += row.droppedPromptTokens() > 0 ? 1 : 0;
                cutResponses += row.droppedResponseTokens() > 0 ? 1 : 0;
            }
        }
        // otherwise nothing was tried
        assertThat(cutPrompts).isBetween(50, 350);
        assertThat(cutResponses).isBetween(10, 200);
    }

    private static void check(EncodedExample row, Tokenizer tokenizer, int maxLength) {
        int[] ids = row.ids();
        boolean[] mask = row.lossMask();
        assertThat(ids).hasSize(row.length()).hasSizeLessThanOrEqualTo(maxLength);
        assertThat(mask).hasSize(row.length());
        assertThat(ids[0]).isEqualTo(tokenizer.bosId());
        assertThat(Arrays.stream(ids).filter(id -> id == tokenizer.bosId())).hasSize(1);
        for (int i = 0; i < mask.length; i++) {
            assertThat(mask[i]).isEqualTo(i >= row.prompt().length);
        }
        long ends = Arrays.stream(row.response())
                .filter(id -> id == tokenizer.eosId())
                .count();
        assertThat(ends).isEqualTo(row.droppedResponseTokens() == 0 ? 1 : 0);
        assertThat(ids[ids.length - 1] == tokenizer.eosId()).isEqualTo(row.droppedResponseTokens() == 0);
        if (row.droppedResponseTokens() > 0) {
            // the response is cut only when it does not fit behind the smallest prompt
            assertThat(row.prompt()).hasSizeLessThanOrEqualTo(1 + ExampleEncoder.KEPT_PROMPT_TOKENS);
            assertThat(ids).hasSize(maxLength);
        }
        if (row.droppedPromptTokens() > 0) {
            assertThat(row.prompt()).hasSizeGreaterThanOrEqualTo(1 + ExampleEncoder.KEPT_PROMPT_TOKENS);
        }
    }

    @ParameterizedTest
    @CsvSource({"sentencepiece, llama2", "llama3-style, plain"})
    void bothRowsOfAPairShareTheirPrompt(String folder, String name) throws IOException {
        Random random = new Random(7);
        try (Tokenizer tokenizer = Tokenizer.open(TOKENIZERS.resolve(folder))) {
            for (int i = 0; i < 200; i++) {
                int maxLength = ExampleEncoder.SMALLEST_MAX_LENGTH + random.nextInt(200);
                ExampleEncoder encoder = new ExampleEncoder(tokenizer, ChatTemplate.named(name), maxLength);
                Dialogue prompt = dialogue(random);
                String first = text(random, 60);
                String second = text(random, 60);
                EncodedPair pair = encoder.encode(prompt, first, second);
                check(pair.chosen(), tokenizer, maxLength);
                check(pair.rejected(), tokenizer, maxLength);
                assertThat(pair.rejected().prompt()).isEqualTo(pair.prompt());
                // the row of the longer response is the row that it has alone
                EncodedExample chosenAlone = encoder.encode(prompt, first);
                EncodedExample rejectedAlone = encoder.encode(prompt, second);
                assertThat(pair.chosen().equals(chosenAlone) || pair.rejected().equals(rejectedAlone))
                        .isTrue();
            }
        }
    }

    @Test
    void theOldestOfThePromptGoesFirst() throws IOException {
        try (Tokenizer tokenizer = Tokenizer.open(TOKENIZERS.resolve("sentencepiece"))) {
            Dialogue dialogue = Dialogue.ofUser("0123456789".repeat(4));
            int[] prompt = new PlainTemplate().prompt(tokenizer, dialogue);
            int[] response = new PlainTemplate().response(tokenizer, "42");
            EncodedExample fits = new ExampleEncoder(tokenizer, new PlainTemplate(), prompt.length + response.length)
                    .encode(dialogue, "42");
            assertThat(fits.droppedPromptTokens()).isZero();
            assertThat(fits.prompt()).isEqualTo(prompt);
            EncodedExample cut = new ExampleEncoder(tokenizer, new PlainTemplate(), prompt.length + response.length - 3)
                    .encode(dialogue, "42");
            assertThat(cut.droppedPromptTokens()).isEqualTo(3);
            assertThat(cut.prompt()[0]).isEqualTo(tokenizer.bosId());
            assertThat(cut.prompt()[1]).isEqualTo(prompt[4]);
            assertThat(cut.response()).isEqualTo(response);
            assertThat(tokenizer.decode(cut.ids())).endsWith("89\n\nAssistant: 42");
        }
    }

    /** What EOS would have taken of the row is the response's. */
    @Test
    void aResponseThatHadNotEndedHasNoEos() throws IOException {
        try (Tokenizer tokenizer = Tokenizer.open(TOKENIZERS.resolve("sentencepiece"))) {
            ChatTemplate template = ChatTemplate.named("plain");
            Dialogue dialogue = Dialogue.ofUser("what does the baker ask");
            int[] prompt = template.prompt(tokenizer, dialogue);
            int[] response = tokenizer.encode("the baker asks what the time is, and how much bread there will be");
            int length = prompt.length + response.length;
            assertThat(response).doesNotContain(tokenizer.eosId());
            assertThat(length).isGreaterThan(ExampleEncoder.SMALLEST_MAX_LENGTH);
            assertThat(new ExampleEncoder(tokenizer, template, length)
                            .encodeUnfinished(dialogue, tokenizer.decode(response)))
                    .isEqualTo(new EncodedExample(prompt, response, 0, 0));
            assertThat(new ExampleEncoder(tokenizer, template, length)
                            .encode(dialogue, tokenizer.decode(response))
                            .droppedPromptTokens())
                    .as("with EOS it is longer by one")
                    .isEqualTo(1);
        }
    }

    @Test
    void aLengthWithoutRoomIsRefused() throws IOException {
        try (Tokenizer tokenizer = Tokenizer.open(TOKENIZERS.resolve("sentencepiece"))) {
            assertThatThrownBy(() -> new ExampleEncoder(tokenizer, new PlainTemplate(), 33))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the maximal length of a row is 33 tokens; use at least 34");
        }
    }

    private static Dialogue dialogue(Random random) {
        List<Turn> turns = new ArrayList<>();
        if (random.nextInt(4) == 0) {
            turns.add(new Turn(Role.SYSTEM, text(random, 10)));
        }
        for (int exchange = random.nextInt(3); exchange > 0; exchange--) {
            turns.add(new Turn(Role.USER, text(random, 25)));
            turns.add(new Turn(Role.ASSISTANT, text(random, 25)));
        }
        turns.add(new Turn(Role.USER, text(random, 25)));
        return new Dialogue(turns);
    }

    private static String text(Random random, int words) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(words + 1); i > 0; i--) {
            text.append(WORDS.get(random.nextInt(WORDS.size())));
        }
        return text.toString();
    }
}
