package org.hone.spark.shard;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.hone.spark.fixture.LocalSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Against Python's hashlib:
 *
 * <pre>{@code
 * import hashlib, struct
 * def value(v):
 *     if v is None: return b"\0"
 *     if isinstance(v, bool): return b"\1" + bytes([v])
 *     if isinstance(v, str): return b"\1" + struct.pack(">i", len(v.encode())) + v.encode()
 *     if isinstance(v, list): return b"\1" + struct.pack(">i", len(v)) + b"".join(map(value, v))
 *     return b"\1" + struct.pack(">f" if isinstance(v, float) else ">i", v)
 * rows = [["é", [1, -2], 0.5, None, True, ["a", ""]], ["b", [], -1.25, 7, False, []]]
 * rows = [hashlib.sha256(b"".join(map(value, row))).hexdigest() for row in rows]
 * print(rows, hashlib.sha256("".join(rows).encode()).hexdigest())
 * }</pre>
 */
final class RowsChecksumTest {
    private static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.StringType)
            .add("tokens", DataTypes.createArrayType(DataTypes.IntegerType))
            .add("margin", DataTypes.FloatType)
            .add("dropped", DataTypes.IntegerType)
            .add("held_out", DataTypes.BooleanType)
            .add("examples", DataTypes.createArrayType(DataTypes.StringType));

    @LocalSession
    private static SparkSession spark;

    @TempDir
    private Path folder;

    @Test
    void theChecksumIsPythonsWhateverTheFileIsLike() {
        String expected = "21b8104b722ac65b2f5775b550791d39cb1a8b938ac85b56b9da2dd7b38c5075";
        var rows = spark.createDataFrame(
                        List.of(
                                RowFactory.create("é", new Integer[] {1, -2}, 0.5f, null, true, new String[] {"a", ""}),
                                RowFactory.create("b", new Integer[0], -1.25f, 7, false, new String[0])),
                        SCHEMA)
                .coalesce(1);
        for (String codec : List.of("snappy", "none")) {
            String path = folder.resolve(codec).toString();
            rows.write().option("compression", codec).parquet(path);
            assertThat(RowsChecksum.byFile(spark.read().schema(SCHEMA).parquet(path), functions.expr("size(tokens)"))
                            .values())
                    .as(codec)
                    .containsExactly(new RowsChecksum.Contents(2, expected));
        }
    }

    @Test
    void aColumnOfAnotherTypeIsRefused() {
        var row = spark.sql("select 'a' as id, 1L as count").head();
        assertThatThrownBy(() -> RowsChecksum.of(row, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a shard's column of Long has no checksum yet; expected text, lists, integers, floats and"
                        + " flags");
    }
}
