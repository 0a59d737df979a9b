package org.hone.spark.table;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.hone.spark.fixture.Lifetime;
import org.hone.spark.fixture.LocalSpark;
import org.hone.spark.fixture.ObjectFiles;
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
        ObjectFiles.use();
        spark = LocalSpark.start();
        // For a few rows, generating and compiling code takes most of the time.
        spark.conf().set("spark.sql.codegen.wholeStage", false);
        spark.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    }

    @AfterAll
    static void stop() throws IOException {
        spark.close();
    }

    private String path() {
        return "file:" + folder.resolve("table");
    }

    private void replace(TableStore store, String note, Slice slice, String... ids) throws IOException {
        replaceAt(path(), store, note, slice, ids);
    }

    private static void replaceAt(String path, TableStore store, String note, Slice slice, String... ids)
            throws IOException {
        List<Row> rows = Arrays.stream(ids)
                .map(id -> RowFactory.create(id, slice.source(), slice.week()))
                .toList();
        store.replace(path, spark.createDataFrame(rows, SCHEMA).coalesce(1), List.of(slice), note);
    }

    private List<String> ids(TableStore store, @Nullable Long version) throws IOException {
        return idsAt(path(), store, version);
    }

    private static List<String> idsAt(String path, TableStore store, @Nullable Long version) throws IOException {
        return store.read(path, SCHEMA, version).collectAsList().stream()
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

    @ParameterizedTest
    @EnumSource
    void anObjectStoreThatIsLostAtAnyMomentHoldsTheOldTableOrTheNew(TableFormat format) throws IOException {
        TableStore store = TableStore.of(format, spark);
        String objects = "objects://" + folder.resolve(format.name()) + "/table";
        replaceAt(objects, store, "", new Slice("hh", 1), "a", "b");
        replaceAt(objects, store, "", new Slice("ours", 1), "kept");
        List<String> before = List.of("a", "b", "kept");
        int round = 0;
        boolean died = true;
        spark.sparkContext().setLogLevel("OFF");
        while (died) {
            String id = "c" + round;
            Lifetime.dieAfter(round);
            try {
                replaceAt(objects, store, "", new Slice("hh", 1), id);
            } catch (Exception e) {
                assertThat(e).hasStackTraceContaining("the process was killed");
            }
            died = Lifetime.live();
            // what a new process does not know
            DeltaLog.clearCache();
            List<String> after = List.of(id, "kept");
            assertThat(idsAt(objects, store, null))
                    .as("%s, ended at change %d", format, round)
                    .isIn(before, after);
            replaceAt(objects, store, "", new Slice("hh", 1), id);
            assertThat(idsAt(objects, store, null)).isEqualTo(after);
            before = after;
            round++;
        }
        spark.sparkContext().setLogLevel("WARN");
        assertThat(round).as("changes of one write").isGreaterThan(3);
    }
}
