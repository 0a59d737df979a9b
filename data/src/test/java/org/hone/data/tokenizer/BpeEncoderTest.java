package org.hone.data.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Against what Python's sentencepiece made of models of every kind (bpe.py), and what one text must not do to another. */
class BpeEncoderTest {
    private static final Path FOLDER = TokenizerVectors.resource("bpe");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama",
                "user-defined",
                "replacing",
                "suffix",
                "across-blanks",
                "unused",
                "characters-only-within",
                "equal-scores"
            })
    void equalsPython(String name) throws IOException {
        assertThat(different(name, name)).isEmpty();
    }

    @Test
    void theVectorsTellTheModelsApart() throws IOException {
        assertThat(different("llama", "unused")).hasSizeGreaterThan(10);
        assertThat(different("llama", "equal-scores")).hasSizeGreaterThan(20);
    }

    @Test
    void aTextDoesNotDependOnThoseBeforeIt() throws IOException {
        List<String> texts = texts();
        Random order = new Random(5);
        for (String name : List.of("llama", "suffix", "unused")) {
            try (Tokenizer used = Tokenizer.open(FOLDER.resolve(name + ".model"))) {
                for (int i = 0; i < 2_000; i++) {
                    used.encode(texts.get(order.nextInt(texts.size())));
                }
                try (Tokenizer fresh = Tokenizer.open(FOLDER.resolve(name + ".model"))) {
                    for (String text : texts) {
                        assertThat(used.encode(text)).as(text).isEqualTo(fresh.encode(text));
                    }
                }
            }
        }
    }

    @Test
    void moreWordsThanAreRememberedComeOutAlike() throws IOException {
        Random draw = new Random(9);
        try (Tokenizer tokenizer = Tokenizer.open(FOLDER.resolve("llama.model"))) {
            int[] before = tokenizer.encode("The baker opens her shop");
            for (int i = 0; i < 100_000; i++) {
                tokenizer.encode(Long.toString(draw.nextLong(), 36).replaceAll("[0-9]", ""));
            }
            assertThat(tokenizer.encode("The baker opens her shop")).isEqualTo(before);
        }
    }

    @Test
    void aLongTextWithoutBlanksIsItsParts() throws IOException {
        // a character that no piece holds stands between the parts, so they cannot merge with one another
        String part = "thebakeropenshershopatsix".repeat(4);
        try (Tokenizer tokenizer = Tokenizer.open(FOLDER.resolve("llama.model"))) {
            int[] one = tokenizer.encode(part);
            int[] two = tokenizer.encode(part + "\u9f98" + part);
            int[] tail = Arrays.copyOfRange(two, one.length + 3, two.length);
            int[] expected = Arrays.copyOf(two, one.length);
            assertThat(one).isEqualTo(expected);
            assertThat(tokenizer.decode(tail)).isEqualTo(part);
            String huge = part.repeat(20_000);
            assertThat(tokenizer.decode(tokenizer.encode(huge))).isEqualTo(huge);
        }
    }

    @Test
    void aVocabularyThatSentencePieceRefusesIsRefused() throws IOException {
        byte[] model = Files.readAllBytes(FOLDER.resolve("llama.model"));
        String latin = new String(model, StandardCharsets.ISO_8859_1);
        assertRefused(latin.replace("<0x0A>", "<0x0B>"), "piece '<0x0B>' occurs twice");
        assertRefused(latin.replace("<0x0A>", "<0xG?>"), "piece '<0xG?>' is no byte");
    }

    private void assertRefused(String model, String reason) throws IOException {
        Path file = folder.resolve("tokenizer.model");
        Files.write(file, model.getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> Tokenizer.open(file))
                .isInstanceOf(IOException.class)
                .hasMessage(file + ": SentencePiece refuses the model: " + reason);
    }

    /** Texts that the model encodes otherwise than Python did with the model of the expected ids. */
    private static List<String> different(String model, String expected) throws IOException {
        List<String> texts = texts();
        JsonNode ids = vectors().path("ids").path(expected);
        assertThat(ids.size()).isEqualTo(texts.size()).isGreaterThan(150);
        List<String> different = new ArrayList<>();
        try (Tokenizer tokenizer = Tokenizer.open(FOLDER.resolve(model + ".model"))) {
            for (int i = 0; i < texts.size(); i++) {
                String found = Arrays.toString(tokenizer.encode(texts.get(i))).replaceAll("[\\[\\],]", "");
                if (!found.equals(ids.path(i).textValue())) {
                    different.add(texts.get(i));
                }
            }
        }
        return different;
    }

    private static List<String> texts() throws IOException {
        List<String> texts = new ArrayList<>();
        vectors().path("texts").forEach(text -> texts.add(text.textValue()));
        return texts;
    }

    private static JsonNode vectors() throws IOException {
        return new JsonMapper().readTree(Files.readAllBytes(FOLDER.resolve("vectors.json")));
    }
}
