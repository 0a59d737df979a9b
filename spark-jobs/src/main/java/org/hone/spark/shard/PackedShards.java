package org.hone.spark.shard;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.hone.data.packing.BestFitDecreasing;
import org.hone.data.packing.PackedExample;
import org.hone.data.packing.PackedRow;
import org.hone.spark.table.Columns;
import org.hone.spark.table.TokenTables;
import org.hone.spark.tokenise.Rows;

/**
 * Writes {@link TokenTables#EXAMPLES} packed. The examples are put into their global order and cut into windows of a fixed
 * number of examples; each window is packed by one task. So the rows do not depend on the partitions, and a task
 * holds one window in memory.
 */
public final class PackedShards {
    /** Examples of a window at most; from a few thousand on, more of them fill rows no better. */
    public static final int MAX_WINDOW_EXAMPLES = 16_384;

    /** What a window's tokens take in memory at most. */
    static final long MAX_WINDOW_BYTES = 128 << 20;

    private PackedShards() {}

    /**
     * Packs examples into rows of at most the encoding's maximal length and writes the rows as shards.
     *
     * @param examples the examples, each with an {@code id} that no other has
     * @param target where they go
     * @return the manifest, already written
     * @throws IOException if the folder cannot be written
     */
    public static ShardManifest write(Dataset<Row> examples, ShardTarget target) throws IOException {
        int maxLength = target.encoding().maxLength();
        try (ShuffledRows ordered = new ShuffledRows(examples, target.seed())) {
            return ShardWriter.write(packed(ordered, windowExamples(maxLength), maxLength), target);
        }
    }

    static int windowExamples(int maxLength) {
        return (int) Math.max(1, Math.min(MAX_WINDOW_EXAMPLES, MAX_WINDOW_BYTES / (4L * maxLength)));
    }

    static Dataset<Row> packed(ShuffledRows ordered, int windowExamples, int maxLength) {
        return ordered.groups(windowExamples)
                .mapPartitions(new PackWindow(maxLength), Encoders.row(TokenTables.PACKED));
    }

    /**
     * A packed row from a shard.
     *
     * @param row a row of {@link TokenTables#PACKED}
     * @return the packed row
     */
    public static PackedRow packedRow(Row row) {
        return new PackedRow(
                row.<String>getList(row.fieldIndex("examples")),
                Columns.tokens(row, "tokens"),
                Columns.tokens(row, "prompt_lengths"),
                Columns.tokens(row, "response_lengths"),
                Columns.tokens(row, "dropped_tokens"));
    }

    /**
     * Packs the window that a partition is.
     *
     * @param maxLength most tokens of a row
     */
    private record PackWindow(int maxLength) implements MapPartitionsFunction<Row, Row>, Serializable {
        @Override
        public Iterator<Row> call(Iterator<Row> window) {
            List<PackedExample> examples = new ArrayList<>();
            window.forEachRemaining(row -> examples.add(new PackedExample(
                    row.getAs("id"),
                    Columns.tokens(row, "prompt"),
                    Columns.tokens(row, "response"),
                    row.<Integer>getAs("dropped_tokens"))));
            int[] lengths = examples.stream().mapToInt(PackedExample::length).toArray();
            List<int[]> rows = BestFitDecreasing.pack(lengths, maxLength);
            return Rows.map(
                    rows.iterator(),
                    indices -> row(PackedRow.of(
                            Arrays.stream(indices).mapToObj(examples::get).toList())));
        }

        private static Row row(PackedRow packed) {
            return RowFactory.create(
                    packed.id(),
                    packed.examples().toArray(new String[0]),
                    Columns.boxed(packed.tokens()),
                    Columns.boxed(packed.promptLengths()),
                    Columns.boxed(packed.responseLengths()),
                    Columns.boxed(packed.droppedTokens()));
        }
    }
}
