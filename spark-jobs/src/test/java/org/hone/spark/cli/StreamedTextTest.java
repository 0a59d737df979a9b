package org.hone.spark.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.hone.data.tokenizer.StopTexts;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.spark.fixture.TinyModels;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

final class StreamedTextTest {
    private static Tokenizer tokenizer;

    @BeforeAll
    static void open(@TempDir Path folder) throws IOException {
        tokenizer = Tokenizer.open(TinyModels.tokenizer(folder.resolve("tokenizer.model")));
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    /** What is on the terminal behind every token, and at the end. */
    private static List<String> shown(int[] ids, String... texts) {
        StringWriter terminal = new StringWriter();
        StopTexts stop = new StopTexts(tokenizer, List.of(texts));
        StreamedText answer = new StreamedText(tokenizer, stop, new PrintWriter(terminal, true));
        List<String> shown = new ArrayList<>();
        int length = 0;
        boolean ended = false;
        while (length < ids.length && !ended) {
            ended = answer.stops(ids, ++length);
            shown.add(terminal.toString());
        }
        answer.end(stop.before(tokenizer.decode(Arrays.copyOf(ids, length))));
        shown.add(terminal.toString());
        return shown;
    }

    @Test
    void charactersAreShownWhenTheyAreWhole() {
        int[] ids = tokenizer.encode("犬 a");
        assertThat(ids).hasSizeGreaterThan(4);
        assertThat(shown(ids).stream().distinct())
                .startsWith("", "犬")
                .endsWith("犬 a" + System.lineSeparator())
                .noneMatch(text -> text.contains("\uFFFD"));
    }

    @Test
    void whatMayBeAStopTextWaits() {
        int[] ids = tokenizer.encode("well\n\nHum, the dog\n\nHuman: b");
        List<String> shown = shown(ids, "\n\nHuman:");
        assertThat(shown).contains("well", "well\n\nHum,").doesNotContain("well\n", "well\n\nHu");
        assertThat(shown.get(shown.size() - 1)).isEqualTo("well\n\nHum, the dog" + System.lineSeparator());
        // negative control
        assertThat(shown(ids)).contains("well\n");
    }

    @Test
    void theEndIsTheWholeText() {
        Random random = new Random(6);
        for (int i = 0; i < 500; i++) {
            int[] ids = random.ints(random.nextInt(30), 3, TinyModels.PIECES).toArray();
            List<String> shown = shown(ids);
            String text = tokenizer.decode(ids);
            assertThat(shown.get(shown.size() - 1)).isEqualTo(text + System.lineSeparator());
            assertThat(IntStream.range(0, shown.size() - 1)).allMatch(at -> text.startsWith(shown.get(at)));
        }
    }
}
