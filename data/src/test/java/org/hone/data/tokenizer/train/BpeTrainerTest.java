package org.hone.data.tokenizer.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The trainer against SentencePiece's own, and its file against SentencePiece's encoder.
 *
 * <p>When the trainer is changed on purpose: {@link #trainsTheStoredFileAgain} leaves what it trained in
 * target/trained-tokenizer.model. Copy it over tokenizer.model among the test's resources and run reference.py there.
 */
class BpeTrainerTest {
    private static final BpeOptions OPTIONS = new BpeOptions(1000, 0.998, 16);

    @TempDir
    private Path folder;

    @Test
    void trainsTheStoredFileAgain() throws IOException {
        byte[] file = trained().toModelFile();
        Files.write(Path.of("target", "trained-tokenizer.model"), file);
        assertThat(file).isEqualTo(resource("tokenizer.model"));
    }

    @Test
    void piecesEqualThoseOfSentencePiecesOwnTrainer() throws IOException {
        List<String> expected = new ArrayList<>();
        reference().get("pieces").forEach(piece -> expected.add(piece.textValue()));
        assertThat(trained().pieces()).extracting(Piece::text).isEqualTo(expected);
    }

    @Test
    void mergingByScoreGivesTheIdsOfSentencePiece() throws IOException {
        NaiveEncoder encoder = new NaiveEncoder(trained().pieces());
        for (JsonNode vector : reference().get("vectors")) {
            assertThat(encoder.encode(vector.get("text").textValue()))
                    .as(vector.get("text").textValue())
                    .isEqualTo(ids(vector));
        }
    }

    @Test
    void theVectorsNoticeAWrongOrderOfMerges() throws IOException {
        List<Piece> reversed = trained().pieces().stream()
                .map(piece -> new Piece(piece.text(), -piece.score(), piece.kind()))
                .toList();
        NaiveEncoder encoder = new NaiveEncoder(reversed);
        int different = 0;
        for (JsonNode vector : reference().get("vectors")) {
            different += encoder.encode(vector.get("text").textValue()).equals(ids(vector)) ? 0 : 1;
        }
        assertThat(different).isGreaterThan(100);
    }

    @Test
    void theOrderOfTheCountsDoesNotMatter() throws IOException {
        Map<String, Long> counts = BpeTrainer.countWords(List.of(corpus()));
        Map<String, Long> backwards = new LinkedHashMap<>();
        counts.keySet().stream()
                .sorted(Comparator.reverseOrder())
                .forEach(word -> backwards.put(word, counts.getOrDefault(word, 0L)));
        assertThat(BpeTrainer.train(backwards, OPTIONS)).isEqualTo(trained());
    }

    @Test
    void countsOfPartsAddUp() throws IOException {
        Map<String, Long> added = corpus().lines()
                .flatMap(line -> BpeTrainer.words(line).stream())
                .collect(Collectors.groupingBy(word -> word, Collectors.counting()));
        assertThat(added).isEqualTo(BpeTrainer.countWords(List.of(corpus())));
    }

    @Test
    void smallTextMergesAsByHand() {
        // ab 5 times, bc 2 times, ▁a 5 times: the tie of ab and ▁a goes to the smaller text
        Map<String, Long> counts = Map.of("▁ab", 3L, "▁abc", 2L);
        assertThat(BpeTrainer.train(counts, new BpeOptions(259 + 4 + 3, 1, 16)).pieces().stream()
                        .skip(259)
                        .toList())
                .containsExactly(
                        new Piece("ab", 0, Piece.Kind.NORMAL),
                        new Piece("▁ab", -1, Piece.Kind.NORMAL),
                        new Piece("▁abc", -2, Piece.Kind.NORMAL),
                        new Piece("a", -3, Piece.Kind.NORMAL),
                        new Piece("b", -4, Piece.Kind.NORMAL),
                        new Piece("▁", -5, Piece.Kind.NORMAL),
                        new Piece("c", -6, Piece.Kind.NORMAL));
    }

    @Test
    void wordsKeepEveryBlank() {
        assertThat(BpeTrainer.words("a  b \n\nc")).containsExactly("▁a", "▁▁b", "▁", "▁c");
    }

    @Test
    void writesTheFileWhole() throws IOException {
        Path file = folder.resolve("tokenizer.model");
        Files.writeString(file, "older");
        trained().write(file);
        assertThat(file).hasBinaryContent(resource("tokenizer.model"));
        assertThat(folder).isDirectoryNotContaining("glob:**.unfinished");
    }

    @Test
    void aSizeThatCannotBeHadSaysWhatCan() {
        Map<String, Long> counts = Map.of("▁ab", 3L, "▁abc", 2L);
        assertThatThrownBy(() -> BpeTrainer.train(counts, new BpeOptions(262, 1, 16)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("vocabulary size 262: 3 control pieces, 256 bytes and 4 characters need 263; "
                        + "ask for more pieces or lower the character coverage");
        assertThatThrownBy(() -> BpeTrainer.train(counts, BpeOptions.llama(300)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("vocabulary size 300: this text yields 266 pieces at most; "
                        + "ask for 266 or fewer, or give more text");
        assertThatThrownBy(() -> BpeTrainer.train(Map.of("▁ab", 0L), OPTIONS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the word '▁ab' has count 0: must be above 0");
        assertThatThrownBy(() -> new BpeOptions(259, 1, 16))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("vocabulary size 259: must be above 259, since 3 control pieces and 256 bytes "
                        + "are always there");
        assertThatThrownBy(() -> new BpeOptions(300, Double.NaN, 16))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("character coverage NaN: must be above 0 and at most 1; Llama 2 has 0.99995");
    }

    private static BpeVocabulary trained() throws IOException {
        return BpeTrainer.train(BpeTrainer.countWords(List.of(corpus())), OPTIONS);
    }

    private static List<Integer> ids(JsonNode vector) {
        List<Integer> ids = new ArrayList<>();
        vector.get("ids").forEach(id -> ids.add(id.intValue()));
        return ids;
    }

    private static String corpus() throws IOException {
        return new String(resource("corpus.txt"), StandardCharsets.UTF_8);
    }

    private static JsonNode reference() throws IOException {
        return new ObjectMapper().readTree(resource("sentencepiece.json"));
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream stream =
                Objects.requireNonNull(BpeTrainerTest.class.getResourceAsStream(name), "no test resource " + name)) {
            return stream.readAllBytes();
        }
    }
}
