package org.hone.spark.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.hone.spark.fixture.LocalSpark;
import org.hone.spark.recipe.TableFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class TableStoreTest {
    private static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.StringType)
            .add("source", DataTypes.StringType)
            .add("week", DataTypes.IntegerType);

    private static SparkSession spark;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        spark = LocalSpark.start();
    }

    @AfterAll
    static void stop() throws IOException {
        spark.close();
    }

    private String path() {
        return "file:" + folder.resolve("table");
    }

    private void replace(TableStore store, String note, Slice slice, String... ids) throws IOException {
        List<Row> rows = Arrays.stream(ids)
                .map(id -> RowFactory.create(id, slice.source(), slice.week()))
                .toList();
        store.replace(path(), spark.createDataFrame(new ArrayList<>(rows), SCHEMA), List.of(slice), note);
    }

    private List<String> ids(TableStore store, @Nullable Long version) throws IOException {
        return store.read(path(), SCHEMA, version).collectAsList().stream()
                .map(row -> row.getString(0))
                .sorted()
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheSliceIsReplaced(TableFormat format) throws IOException {
        TableStore store = TableStore.of(format, spark);
        assertThat(store.exists(path())).isFalse();
        assertThat(store.state(path())).isEqualTo("absent");
        assertThat(ids(store, null)).isEmpty();
        replace(store, "nothing yet", new Slice("hh", null));
        assertThat(store.exists(path())).isFalse();
        replace(store, "first", new Slice("o'ha\\ra", null), "a", "b");
        replace(store, "second", new Slice("o'ha\\ra", 1), "c");
        replace(store, "third", new Slice("hh", 1), "d");
        assertThat(ids(store, null)).containsExactly("a", "b", "c", "d");
        replace(store, "fourth", new Slice("o'ha\\ra", null), "e");
        replace(store, "fifth", new Slice("o'ha\\ra", 1));
        assertThat(ids(store, null)).containsExactly("d", "e");
        String state = store.state(path());
        assertThat(store.state(path())).isEqualTo(state).isNotEqualTo("absent");
    }

    @Test
    void deltaRemembers() throws IOException {
        TableStore store = TableStore.of(TableFormat.DELTA, spark);
        replace(store, "first", new Slice("hh", 1), "a", "b");
        replace(store, "second", new Slice("hh", 1), "c");
        assertThat(ids(store, 0L)).containsExactly("a", "b");
        assertThat(ids(store, null)).isEqualTo(ids(store, 1L)).containsExactly("c");
        assertThat(store.history(path()))
                .extracting(version -> version.version() + " " + version.note())
                .containsExactly("1 second", "0 first");
        assertThatThrownBy(() -> store.history(folder.toString()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there is no Delta table; give the folder that holds its _delta_log");
    }

    @Test
    void plainParquetSaysThatItForgets() throws IOException {
        TableStore store = TableStore.of(TableFormat.PARQUET, spark);
        replace(store, "first", new Slice("hh", 1), "a");
        assertThatThrownBy(() -> ids(store, 0L))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("plain Parquet keeps no versions; got version 0, use tables: delta");
        assertThatThrownBy(() -> store.history(path())).hasMessageContaining("plain Parquet keeps no history");
    }

    @Test
    void anInterruptedReplacementIsSettled() throws IOException {
        TableStore store = TableStore.of(TableFormat.PARQUET, spark);
        Path table = folder.resolve("table");
        Path fresh = folder.resolve("table.new");
        Path old = folder.resolve("table.old");
        table("table", "old");
        table("table.new", "new");
        Files.delete(fresh.resolve("_SUCCESS"));
        assertThat(ids(store, null)).as("ended while it wrote").containsExactly("old");
        Files.move(table, old);
        assertThat(ids(store, null)).as("nothing whole is in its place").containsExactly("old");
        replace(store, "again", new Slice("hh", 1), "newer");
        assertThat(fresh).as("what was left is cleared away").doesNotExist();
        Files.move(table, old);
        table("table.new", "newest");
        assertThat(ids(store, null)).as("ended between the renames").containsExactly("newest");
        assertThat(old).doesNotExist();
        assertThat(fresh).doesNotExist();
    }

    private void table(String name, String id) {
        spark.createDataFrame(List.of(RowFactory.create(id, "hh", 1)), SCHEMA)
                .write()
                .parquet(folder.resolve(name).toString());
    }
}
