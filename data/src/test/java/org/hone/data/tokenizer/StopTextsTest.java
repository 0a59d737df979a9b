package org.hone.data.tokenizer;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Against the whole text, decoded anew behind every token. */
class StopTextsTest {
    private static final String SENTENCE_PIECE = "sentencepiece";

    private static Tokenizer open(String name) throws IOException {
        return Tokenizer.open(TokenizerVectors.resource(name));
    }

    /** How many tokens a response has when it ends, and its length if nothing ends it. */
    private static int ended(StopTexts stops, int[] ids) {
        return IntStream.rangeClosed(1, ids.length)
                .filter(length -> stops.end(ids, length))
                .findFirst()
                .orElse(ids.length);
    }

    private static int naivelyEnded(Tokenizer tokenizer, List<String> texts, int[] ids) {
        return IntStream.rangeClosed(1, ids.length)
                .filter(length -> {
                    String text = tokenizer.decode(Arrays.copyOf(ids, length));
                    return texts.stream().anyMatch(text::contains);
                })
                .findFirst()
                .orElse(ids.length);
    }

    /** Half text, half anything that a policy could draw: control tokens, bytes that are no characters, runs of spaces. */
    private static int[] response(Tokenizer tokenizer, Random random) {
        IntStream.Builder ids = IntStream.builder();
        String letters = "ab \n:犬é😀H";
        for (int part = 0; part < 6; part++) {
            if (random.nextBoolean()) {
                StringBuilder text = new StringBuilder();
                random.ints(random.nextInt(9), 0, letters.codePointCount(0, letters.length()))
                        .map(at -> letters.codePointAt(letters.offsetByCodePoints(0, at)))
                        .forEach(text::appendCodePoint);
                Arrays.stream(tokenizer.encode(text.toString())).forEach(ids::add);
            } else {
                random.ints(random.nextInt(5), 0, tokenizer.vocabularySize()).forEach(ids::add);
            }
        }
        return ids.build().toArray();
    }

    /** Something that the text holds, wherever it begins and ends. */
    private static String partOf(String text, Random random) {
        int from = random.nextInt(text.length());
        int to = Math.min(text.length(), from + 1 + random.nextInt(8));
        return text.substring(from, to);
    }

    private static boolean canEnd(String text) {
        return !text.isEmpty()
                && text.indexOf('\uFFFD') < 0
                && !Character.isLowSurrogate(text.charAt(0))
                && !Character.isHighSurrogate(text.charAt(text.length() - 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sentencepiece",
                "llama2-style",
                "llama3-style",
                "bpe/across-blanks.model",
                "bpe/characters-only-within.model",
                "bpe/llama.model",
                "bpe/replacing.model",
                "bpe/suffix.model",
                "bpe/unused.model",
                "bpe/user-defined.model"
            })
    void responsesEndWhereTheWholeTextSays(String name) throws IOException {
        Random random = new Random(11);
        int found = 0;
        try (Tokenizer tokenizer = open(name)) {
            for (int i = 0; i < 3_000; i++) {
                int[] ids = response(tokenizer, random);
                String text = tokenizer.decode(ids);
                List<String> texts = IntStream.range(0, text.isEmpty() ? 0 : 1 + random.nextInt(3))
                        .mapToObj(one -> partOf(text, random))
                        .filter(StopTextsTest::canEnd)
                        .toList();
                int expected = naivelyEnded(tokenizer, texts, ids);
                assertThat(ended(new StopTexts(tokenizer, texts), ids))
                        .as("%s in %s of %s", texts, text, Arrays.toString(ids))
                        .isEqualTo(expected);
                found += expected < ids.length ? 1 : 0;
            }
        }
        assertThat(found).isGreaterThan(500);
    }

    @Test
    void aStopTextMayBeginAndEndWithinTokens() throws IOException {
        try (Tokenizer tokenizer = open(SENTENCE_PIECE)) {
            int[] word = tokenizer.encode("the the");
            int last = word.length;
            assertThat(tokenizer.piece(word[last - 1])).as("one token").isEqualTo("▁the");
            StopTexts stops = new StopTexts(tokenizer, List.of("e th"));
            assertThat(ended(stops, word)).isEqualTo(last);
            assertThat(stops.end(word, last)).isTrue();
            assertThat(stops.before("the the")).isEqualTo("th");
            // negative control: the text is there, its tokens are not
            assertThat(new StopTexts(tokenizer, List.of("e  th")).end(word, last))
                    .isFalse();
        }
    }

    @Test
    void bytesOfACharacterAreWaitedFor() throws IOException {
        for (String name : List.of(SENTENCE_PIECE, "llama2-style", "llama3-style")) {
            try (Tokenizer tokenizer = open(name)) {
                int[] ids = tokenizer.encode("a犬\n\nHuman: b");
                StopTexts stops = new StopTexts(tokenizer, List.of("犬\n"));
                int end = ended(stops, ids);
                assertThat(tokenizer.decode(Arrays.copyOf(ids, end)))
                        .as(name)
                        .startsWith("a犬\n")
                        .doesNotContain("Human");
                assertThat(IntStream.range(1, end)).noneMatch(length -> stops.end(ids, length));
            }
        }
    }

    @Test
    void theFirstPlaceWhereAnyTextBeginsCounts() throws IOException {
        try (Tokenizer tokenizer = open(SENTENCE_PIECE)) {
            StopTexts stops = new StopTexts(tokenizer, List.of("b", "ab", "zz"));
            assertThat(stops.before("xabab")).isEqualTo("x");
            assertThat(stops.before("ab")).isEmpty();
            assertThat(stops.before("xyz")).isEqualTo("xyz");
            StopTexts none = new StopTexts(tokenizer, List.of());
            assertThat(none.end(tokenizer.encode("ab"), 1)).isFalse();
            assertThat(none.before("ab")).isEqualTo("ab");
            assertThat(none.settled("ab")).isEqualTo(2);
        }
    }

    @Test
    void whatMayBeTheBeginningOfAStopTextIsNotSettled() throws IOException {
        try (Tokenizer tokenizer = open(SENTENCE_PIECE)) {
            StopTexts stops = new StopTexts(tokenizer, List.of("\n\nHuman:", "aab"));
            assertThat(stops.settled("well\n\nHum")).isEqualTo(4);
            assertThat(stops.settled("well\n\nHam")).isEqualTo(9);
            assertThat(stops.settled("well\n\n\n")).isEqualTo(5);
            assertThat(stops.settled("aaa")).isEqualTo(1);
            assertThat(stops.settled("")).isZero();
        }
    }

    /** Behind every token few are decoded, however many there are. */
    @Test
    void theWorkGrowsWithTheTextAndNotFaster() throws IOException {
        try (Tokenizer tokenizer = open(SENTENCE_PIECE)) {
            int[] decoded = new int[1];
            StopTexts stops = new StopTexts(counting(tokenizer, decoded), List.of("\n\nHuman:"));
            int[] ids = tokenizer.encode("\n\nHuman ".repeat(400));
            decoded[0] = 0;
            assertThat(ended(stops, ids)).isEqualTo(ids.length);
            assertThat(decoded[0]).isBetween(ids.length, 20 * ids.length);
        }
    }

    private static Tokenizer counting(Tokenizer tokenizer, int[] decoded) {
        return (Tokenizer) Proxy.newProxyInstance(
                Tokenizer.class.getClassLoader(), new Class<?>[] {Tokenizer.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("decode")) {
                        decoded[0] += ((int[]) arguments[0]).length;
                    }
                    return method.invoke(tokenizer, arguments);
                });
    }

    @Test
    void textsThatCannotEndAnythingAreRefused() throws IOException {
        try (Tokenizer tokenizer = open(SENTENCE_PIECE)) {
            assertThatThrownBy(() -> new StopTexts(tokenizer, List.of("a", "")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "got an empty stop text, which every response begins with; give at least one character");
            assertThatThrownBy(() -> new StopTexts(tokenizer, List.of("a\uFFFD")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("got a stop text with U+FFFD");
        }
    }
}
