package org.hone.spark.shard;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.spark.run.Checksum;

/**
 * Writes token shards. A row's place is decided by a hash of the seed and its id, so the same rows give the
 * same shards however the input was partitioned, and each shard is itself a random sample.
 */
public final class ShardWriter {
    private ShardWriter() {}

    /**
     * Writes rows as shards.
     *
     * @param rows the rows, each with an {@code id} that no other has
     * @param target where they go
     * @return the manifest, already written
     * @throws IOException if the folder cannot be written
     */
    public static ShardManifest write(Dataset<Row> rows, ShardTarget target) throws IOException {
        ShardKind kind = ShardKind.of(rows.schema());
        try (ShuffledRows ordered = new ShuffledRows(rows, target.seed())) {
            if (ordered.count() == 0) {
                throw new IllegalArgumentException(target.folder() + ": there is no row to train on; every row was"
                        + " held out, quarantined or filtered, see import/quarantine and preferences in the recipe");
            }
            ShardFigures figures = figures(ordered, kind, target);
            int rowsPerShard = target.rowsPerShard(figures.maxRowTokens());
            ordered.groups(rowsPerShard).write().parquet(target.folder());
            ShardManifest manifest = new ShardManifest(
                    ShardManifest.VERSION,
                    kind,
                    ordered.count(),
                    rowsPerShard,
                    target.encoding(),
                    figures,
                    described(rows, kind, target, ordered.count(), rowsPerShard));
            manifest.write(target.storage(), target.folder());
            return manifest;
        }
    }

    /** One pass over the rows; as many groups come to the driver as there are different lengths. */
    private static ShardFigures figures(ShuffledRows ordered, ShardKind kind, ShardTarget target) {
        SortedMap<Integer, Long> byLength = new TreeMap<>();
        long[] sums = new long[4];
        int longest = 0;
        List<Row> groups = ordered.unordered()
                .groupBy(kind.length().as("length"))
                .agg(
                        functions.count("*"),
                        functions.max(kind.stored()),
                        functions.sum(kind.examples()),
                        functions.sum(kind.truncated(ordered.unordered().schema())),
                        functions.sum(kind.stored()),
                        functions.sum(kind.trained()))
                .collectAsList();
        for (Row group : groups) {
            byLength.put(group.getInt(0), group.getLong(1));
            longest = Math.max(longest, group.getInt(2));
            for (int i = 0; i < sums.length; i++) {
                sums[i] += group.getLong(3 + i);
            }
        }
        ShardFigures.Lengths lengths = ShardFigures.Lengths.of(byLength);
        return new ShardFigures(
                sums[0],
                sums[1],
                sums[2],
                sums[3],
                longest,
                lengths,
                lengths.mean() / target.encoding().maxLength());
    }

    private static List<ShardManifest.Shard> described(
            Dataset<Row> rows, ShardKind kind, ShardTarget target, long count, int rowsPerShard) throws IOException {
        int shards = Math.toIntExact((count + rowsPerShard - 1) / rowsPerShard);
        List<String> files = target.storage().files(target.folder()).stream()
                .filter(file -> file.endsWith(".parquet"))
                .sorted((a, b) -> name(a).compareTo(name(b)))
                .toList();
        if (files.size() != shards) {
            throw new IllegalStateException(
                    target.folder() + ": " + shards + " shards were written as " + files.size() + " files");
        }
        Map<String, RowsChecksum.Contents> contents = RowsChecksum.byFile(
                rows.sparkSession().read().schema(rows.schema()).parquet(target.folder()), kind.stored());
        var hadoop =
                new SerializableConfiguration(rows.sparkSession().sparkContext().hadoopConfiguration());
        List<String> checksums = rows.sparkSession()
                .createDataset(files, Encoders.STRING())
                .map((MapFunction<String, String>) file -> Checksum.sha256(file, hadoop.value()), Encoders.STRING())
                .collectAsList();
        List<ShardManifest.Shard> described = new ArrayList<>();
        for (int i = 0; i < shards; i++) {
            String name = name(files.get(i));
            long left = count - (long) i * rowsPerShard;
            RowsChecksum.Contents rowsOf = Objects.requireNonNull(contents.get(name), name);
            described.add(new ShardManifest.Shard(
                    name, (int) Math.min(left, rowsPerShard), rowsOf.tokens(), checksums.get(i), rowsOf.sha256()));
        }
        return described;
    }

    private static String name(String file) {
        return file.substring(file.lastIndexOf('/') + 1);
    }
}
