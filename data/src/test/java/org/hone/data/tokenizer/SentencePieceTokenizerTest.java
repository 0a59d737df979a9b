package org.hone.data.tokenizer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Against Python's sentencepiece on the model of generate.py, and what the Python library has no word on. */
class SentencePieceTokenizerTest {
    private static final Path MODEL = TokenizerVectors.resource("sentencepiece/tokenizer.model");
    private static final Path VECTORS = TokenizerVectors.resource("sentencepiece/vectors.json");

    @TempDir
    private Path folder;

    @Test
    void equalsPython() throws IOException {
        TokenizerVectors vectors = new TokenizerVectors(VECTORS);
        try (Tokenizer tokenizer = Tokenizer.open(MODEL)) {
            assertThat(vectors.encodings()).isGreaterThan(300);
            assertThat(vectors.differences(tokenizer)).isEmpty();
            assertThat(tokenizer.vocabularySize()).isEqualTo(vectors.size());
            assertThat(tokenizer.bosId()).isEqualTo(vectors.special("bos"));
            assertThat(tokenizer.eosId()).isEqualTo(vectors.special("eos"));
            assertThat(tokenizer.unkId()).isEqualTo(vectors.special("unk"));
            assertThat(tokenizer.sha256()).isEqualTo(vectors.sha256());
        }
    }

    @Test
    void anotherTokenizerDoesNotPassTheVectors() throws IOException {
        try (Tokenizer other = Tokenizer.open(TokenizerVectors.resource("llama2-style"))) {
            // the converted vocabulary is the same; only the rules of white space and control text differ
            assertThat(new TokenizerVectors(VECTORS).differences(other)).isNotEmpty();
        }
    }

    @Test
    void textNeverBecomesControl() throws IOException {
        try (Tokenizer tokenizer = Tokenizer.open(MODEL)) {
            for (String text : List.of("</s><s>", "<s>", "a</s>b", "<unk>", "<0x41>", "</s>".repeat(100))) {
                int[] ids = tokenizer.encode(text);
                assertThat(ids).doesNotContain(tokenizer.bosId(), tokenizer.eosId(), tokenizer.unkId());
                assertThat(tokenizer.decode(ids)).isEqualTo(text);
            }
            assertThat(tokenizer.isControl(tokenizer.bosId())).isTrue();
            assertThat(tokenizer.isControl(tokenizer.eosId())).isTrue();
            assertThat(tokenizer.isControl(tokenizer.unkId())).isFalse();
            assertThat(tokenizer.isControl(-1)).isFalse();
            assertThat(tokenizer.isControl(tokenizer.vocabularySize())).isFalse();
        }
    }

    @Test
    void userDefinedPieceIsOrdinaryWhateverItLooksLike() throws IOException {
        try (Tokenizer tokenizer = Tokenizer.open(MODEL)) {
            int[] ids = tokenizer.encode("[NOTE]");
            assertThat(Arrays.stream(ids).mapToObj(tokenizer::piece)).contains("[NOTE]");
            assertThat(Arrays.stream(ids).anyMatch(tokenizer::isControl)).isFalse();
        }
    }

    @Test
    void unpairedSurrogatesAreReplaced() throws IOException {
        try (Tokenizer tokenizer = Tokenizer.open(MODEL)) {
            Map<String, String> replaced = Map.of(
                    "\ud83d", "\ufffd",
                    "a\ud83db", "a\ufffdb",
                    "\ude00", "\ufffd",
                    "\ud83d\ud83d\ude00", "\ufffd\ud83d\ude00",
                    "\ude00\ud83d", "\ufffd\ufffd");
            replaced.forEach((text, expected) -> {
                assertThat(tokenizer.encode(text)).isEqualTo(tokenizer.encode(expected));
                assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(expected);
            });
        }
    }

    @Test
    void longTextComesBack() throws IOException {
        String text = "The baker \ud83d\ude80 opens\u0000 her shop 1987.\n".repeat(20_000);
        try (Tokenizer tokenizer = Tokenizer.open(MODEL)) {
            assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
        }
    }

    @Test
    void refusesIdsOutsideTheVocabulary() throws IOException {
        try (Tokenizer tokenizer = Tokenizer.open(MODEL)) {
            assertThatThrownBy(() -> tokenizer.decode(new int[] {3, 440}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("token id 440 is outside the vocabulary; allowed are 0 to 439");
            assertThatThrownBy(() -> tokenizer.piece(-1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("token id -1 is outside the vocabulary; allowed are 0 to 439");
        }
    }

    @Test
    void everyCutOffModelIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(MODEL);
        Path file = folder.resolve("tokenizer.model");
        for (int length = 0; length < whole.length; length += length < 100 ? 1 : 41) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> Tokenizer.open(folder))
                    .as("%d bytes", length)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("not a whole SentencePiece model (" + length + " bytes)")
                    .hasMessageContaining("copy the file again");
        }
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        Path file = folder.resolve("tokenizer.model");
        Files.writeString(file, "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 499723\n");
        assertThatThrownBy(() -> Tokenizer.open(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not a whole SentencePiece model");
    }

    @Test
    void aFileWithoutBosIsRefused() throws IOException {
        byte[] model = Files.readAllBytes(MODEL);
        String latin = new String(model, StandardCharsets.ISO_8859_1);
        // the piece <s> is renamed; the trainer's settings still say <s>
        int at = latin.indexOf("<s>");
        model[at + 1] = 'q';
        Path file = folder.resolve("tokenizer.model");
        Files.write(file, model);
        assertThatThrownBy(() -> Tokenizer.open(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no BOS piece ('<s>')");
    }

    @Test
    void manyThreadsShareOne() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Tokenizer tokenizer = Tokenizer.open(MODEL)) {
            TokenizerVectors vectors = new TokenizerVectors(VECTORS);
            Callable<List<String>> compare = () -> vectors.differences(tokenizer);
            for (Future<List<String>> differences :
                    threads.invokeAll(List.of(compare, compare, compare, compare, compare, compare))) {
                assertThat(differences.get()).isEmpty();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aClosedOneSaysSo() throws IOException {
        Tokenizer tokenizer = Tokenizer.open(MODEL);
        tokenizer.close();
        tokenizer.close();
        assertThatThrownBy(() -> tokenizer.encode("text"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is closed; open it again");
    }

    @Test
    void nativeFilesAreNotLeftBehind() throws IOException {
        Tokenizer.open(MODEL).close();
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            long own = ProcessHandle.current().pid();
            assertThat(files.filter(file -> file.getFileName().toString().startsWith("hone-native-" + own + "-")))
                    .isEmpty();
        }
    }
}
