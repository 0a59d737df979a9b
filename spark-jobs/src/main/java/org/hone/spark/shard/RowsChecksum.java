package org.hone.spark.shard;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.hone.spark.run.Checksum;
import org.jspecify.annotations.Nullable;

/**
 * A checksum of what a shard's rows hold. The bytes of equal Parquet files differ from one process to the next, since the
 * footer lists encodings in an order that the process happens to have; this checksum does not.
 *
 * <p>A value is a byte 0 if it is null, else a byte 1 and: of text the number of its bytes in UTF-8 and these; of a list the
 * number of its elements and these as values; of an integer or a float its four bytes; of a flag a byte. Numbers are
 * big-endian. A row's checksum is the SHA-256 of its values in the order of the columns, in hexadecimal; a shard's that of
 * its rows' one after the other.
 */
final class RowsChecksum {
    private static final StructType SCHEMA = new StructType()
            .add("file", DataTypes.StringType, false)
            .add("row", DataTypes.LongType, false)
            .add("tokens", DataTypes.LongType, false)
            .add("sha256", DataTypes.StringType, false);

    /**
     * What a file holds.
     *
     * @param tokens tokens of its rows
     * @param sha256 the checksum of its rows
     */
    record Contents(long tokens, String sha256) {}

    private RowsChecksum() {}

    /**
     * Reads shards again, each row once.
     *
     * @param shards the shards as Spark reads files
     * @param tokens tokens of a row
     * @return what each file holds, by the file's name
     */
    static Map<String, Contents> byFile(Dataset<Row> shards, Column tokens) {
        MapFunction<Row, Row> checksum = row -> {
            int columns = row.size() - 3;
            return RowFactory.create(
                    row.getString(columns), row.getLong(columns + 1), row.getLong(columns + 2), of(row, columns));
        };
        Map<String, Contents> contents = new HashMap<>();
        shards.select(
                        functions.col("*"),
                        functions.col("_metadata.file_name").as("_file"),
                        functions.col("_metadata.row_index").as("_row"),
                        tokens.cast(DataTypes.LongType).as("_tokens"))
                .map(checksum, Encoders.row(SCHEMA))
                .groupBy("file")
                .agg(
                        functions.sum("tokens").as("tokens"),
                        functions
                                .sort_array(functions.collect_list(functions.struct("row", "sha256")))
                                .as("rows"))
                .select(
                        functions.col("file"),
                        functions.col("tokens"),
                        functions.sha2(
                                functions
                                        .concat_ws("", functions.col("rows.sha256"))
                                        .cast(DataTypes.BinaryType),
                                256))
                .collectAsList()
                .forEach((Row row) -> contents.put(row.getString(0), new Contents(row.getLong(1), row.getString(2))));
        return contents;
    }

    /** The checksum of a row's first columns. */
    static String of(Row row, int columns) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        for (int i = 0; i < columns; i++) {
            boolean isList = row.schema().apply(i).dataType() instanceof ArrayType;
            write(row.isNullAt(i) ? null : isList ? row.getList(i) : row.get(i), out);
        }
        return Checksum.sha256(bytes.toByteArray());
    }

    private static void write(@Nullable Object value, DataOutputStream out) throws IOException {
        out.writeBoolean(value != null);
        if (value instanceof String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            out.writeInt(utf8.length);
            out.write(utf8);
        } else if (value instanceof List<?> list) {
            out.writeInt(list.size());
            for (Object element : list) {
                write(element, out);
            }
        } else if (value instanceof Integer number) {
            out.writeInt(number);
        } else if (value instanceof Float number) {
            out.writeFloat(number);
        } else if (value instanceof Boolean flag) {
            out.writeBoolean(flag);
        } else if (value != null) {
            throw new IllegalArgumentException(
                    "a shard's column of " + value.getClass().getSimpleName()
                            + " has no checksum yet; expected text, lists, integers, floats and flags");
        }
    }
}
