package org.hone.spark.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

final class StorageTest {
    private final Storage storage = new Storage(new Configuration());

    @TempDir
    private Path folder;

    private List<String> files(String pattern) throws IOException {
        return storage.files(folder + "/" + pattern).stream()
                .map(file ->
                        folder.relativize(Path.of(java.net.URI.create(file))).toString())
                .toList();
    }

    @Test
    void foldersGlobsAndFilesNameFiles() throws IOException {
        for (String name : List.of("b.jsonl", "a.jsonl.gz", "_done.json", ".hidden", "c.txt")) {
            Files.writeString(folder.resolve(name), "x");
        }
        Files.createDirectories(folder.resolve("deep/er"));
        Files.writeString(folder.resolve("deep/d.jsonl"), "x");
        assertThat(files("")).containsExactly("a.jsonl.gz", "b.jsonl", "c.txt");
        assertThat(files("*.jsonl*")).containsExactly("a.jsonl.gz", "b.jsonl");
        assertThat(files("{b,c}.*")).containsExactly("b.jsonl", "c.txt");
        assertThat(files("deep")).containsExactly("deep/d.jsonl");
        assertThat(files("c.txt")).containsExactly("c.txt");
        assertThat(files("absent")).isEmpty();
        assertThat(files("*.parquet")).isEmpty();
        assertThat(files("deep/er")).isEmpty();
    }

    @Test
    void listsAndDeletesWholeFolders() throws IOException {
        storage.writeText(folder + "/stage/_done.json", "{}");
        storage.writeText(folder + "/stage/ışık.txt", "ışık");
        assertThat(storage.list(folder + "/stage")).containsExactly("_done.json", "ışık.txt");
        assertThat(storage.readText(folder + "/stage/ışık.txt")).isEqualTo("ışık");
        assertThat(storage.list(folder + "/absent")).isEmpty();
        storage.delete(folder + "/stage");
        storage.delete(folder + "/stage");
        assertThat(storage.exists(folder + "/stage")).isFalse();
    }

    @Test
    void qualifiedPathsNameTheirFileSystem() throws IOException {
        assertThat(storage.qualified(folder.toString())).isEqualTo("file:" + folder);
    }

    /** A reader that opens the file again and again finds the old text or the new one, whole. */
    @Test
    void aTextIsReplacedInOneStep() throws Exception {
        String file = folder + "/state.json";
        String old = "o".repeat(100_000);
        String fresh = "n".repeat(50_000);
        storage.writeText(file, old);
        AtomicBoolean done = new AtomicBoolean();
        Thread writer = new Thread(() -> {
            try {
                for (int i = 0; i < 300; i++) {
                    storage.writeText(file, i % 2 == 0 ? fresh : old);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                done.set(true);
            }
        });
        writer.start();
        while (!done.get()) {
            assertThat(storage.readText(file)).isIn(old, fresh);
        }
        writer.join();
        assertThat(storage.list(folder.toString())).containsExactly("state.json");
    }
}
