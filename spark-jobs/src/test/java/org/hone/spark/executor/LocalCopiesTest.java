package org.hone.spark.executor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.sql.SparkSession;
import org.hone.spark.fixture.LocalSession;
import org.hone.spark.fixture.ObjectFiles;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A model's folder in an object store, where a folder's time is that of the question. */
class LocalCopiesTest {
    @LocalSession
    private static SparkSession spark;

    @TempDir
    private Path folder;

    private final Configuration hadoop = new Configuration(spark.sparkContext().hadoopConfiguration());

    @BeforeEach
    void store() throws IOException {
        hadoop.setClass("fs.objects.impl", ObjectFiles.class, org.apache.hadoop.fs.FileSystem.class);
        Files.createDirectories(folder.resolve("run/model/part"));
        Files.writeString(folder.resolve("run/model/config.json"), "{}");
        Files.writeString(folder.resolve("run/model/part/weights"), "weights");
    }

    private Path copy() {
        return LocalCopies.of(uri("run/model"), hadoop);
    }

    private String uri(String name) {
        return "objects:" + folder.resolve(name);
    }

    @Test
    void aFolderIsCopiedOnceUntilAFileInItIsWrittenAgain() throws IOException {
        Path copy = copy();
        assertThat(copy.resolve("part/weights")).hasContent("weights");
        assertThat(copy()).isEqualTo(copy);
        Path file = folder.resolve("run/model/part/weights");
        Files.writeString(file, "WEIGHTS");
        Files.setLastModifiedTime(
                file, FileTime.fromMillis(Files.getLastModifiedTime(file).toMillis() + 5000));
        assertThat(copy().resolve("part/weights")).hasContent("WEIGHTS");
        assertThat(copy.resolve("part/weights")).as("a task may still read it").hasContent("weights");
    }

    @Test
    void whatWasLostHereIsCopiedAgain() throws IOException {
        Path copy = copy();
        Files.delete(copy.resolve("part/weights"));
        assertThat(copy().resolve("part/weights")).hasContent("weights");
        FileUtil.fullyDelete(copy().toFile());
        assertThat(copy().resolve("config.json")).hasContent("{}");
    }

    @Test
    void copiesBelowAFolderCanBeDropped() {
        Path copy = copy();
        LocalCopies.drop(uri("ru"));
        assertThat(copy).exists();
        LocalCopies.drop(uri("run"));
        assertThat(copy.getParent()).doesNotExist();
        assertThat(copy().resolve("config.json")).exists();
    }

    @Test
    void aFileIsCopiedTooAndWhatIsNotThereIsSaid() {
        assertThat(LocalCopies.of(uri("run/model/config.json"), hadoop)).hasContent("{}");
        assertThatThrownBy(() -> LocalCopies.of(uri("run/none"), hadoop))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith(uri("run/none") + ": cannot be read: ");
        assertThat(LocalCopies.of(folder.resolve("run/model").toString(), hadoop))
                .as("a local one is used where it lies")
                .isEqualTo(folder.resolve("run/model"));
    }
}
