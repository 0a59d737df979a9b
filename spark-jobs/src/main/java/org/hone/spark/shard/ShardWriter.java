package org.hone.spark.shard;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.spark.run.Storage;
import org.hone.spark.table.Columns;

/**
 * Writes token shards. A row's place is decided by a hash of the seed and its id, so the same rows give the
 * same shards however the input was partitioned, and each shard is itself a random sample.
 */
public final class ShardWriter {
    /** A rank holds one shard in memory; at 4,096 tokens a row this is 32 MB. */
    public static final int ROWS_PER_SHARD = 2_048;

    private static final int BUCKETS = 256;
    private static final String BUCKET = "bucket";
    private static final String POSITION = "position";

    private ShardWriter() {}

    /**
     * Writes rows as shards.
     *
     * @param rows the rows, each with an {@code id} that no other has
     * @param storage the file systems
     * @param folder where the shards go; must not exist
     * @param seed decides the order
     * @return the manifest, already written
     * @throws IOException if the folder cannot be written
     */
    public static ShardManifest write(Dataset<Row> rows, Storage storage, String folder, long seed) throws IOException {
        Dataset<Row> placed = numbered(rows, seed)
                .withColumn("shard", functions.expr("cast(" + POSITION + " div " + ROWS_PER_SHARD + " as int)"));
        placed = placed.persist(org.apache.spark.storage.StorageLevel.DISK_ONLY());
        try {
            long count = placed.count();
            int shards = Math.toIntExact((count + ROWS_PER_SHARD - 1) / ROWS_PER_SHARD);
            if (shards == 0) {
                throw new IllegalArgumentException(folder + ": there is no row to train on; every row was held out,"
                        + " quarantined or filtered, see import/quarantine and preferences in the recipe");
            }
            placed.repartitionById(shards, functions.col("shard"))
                    .sortWithinPartitions(POSITION)
                    .drop("shard", BUCKET)
                    .write()
                    .parquet(folder);
            ShardManifest manifest =
                    new ShardManifest(count, ROWS_PER_SHARD, described(placed, storage, folder, shards));
            manifest.write(storage, folder);
            return manifest;
        } finally {
            placed.unpersist();
        }
    }

    /**
     * Numbers the rows 0, 1, 2, … by (hash, id). The hash's top byte makes 256 buckets that are sorted in
     * parallel; of the rows only the 256 counts come to the driver.
     */
    private static Dataset<Row> numbered(Dataset<Row> rows, long seed) {
        Dataset<Row> hashed = rows.withColumn("hash", Columns.shuffled(seed, "id"))
                .withColumn(BUCKET, functions.expr("cast(shiftrightunsigned(hash, 56) as int)"));
        long[] starts = starts(hashed);
        var withinBucket =
                functions.row_number().over(Window.partitionBy(BUCKET).orderBy("hash", "id"));
        var start = functions.element_at(
                functions.lit(starts), functions.col(BUCKET).plus(1));
        return hashed.withColumn(POSITION, start.plus(withinBucket).minus(1)).drop("hash");
    }

    private static long[] starts(Dataset<Row> hashed) {
        long[] counts = new long[BUCKETS];
        hashed.groupBy(BUCKET).count().collectAsList().forEach((Row row) -> counts[row.getInt(0)] = row.getLong(1));
        long[] starts = new long[BUCKETS];
        for (int i = 1; i < BUCKETS; i++) {
            starts[i] = starts[i - 1] + counts[i - 1];
        }
        return starts;
    }

    private static List<ShardManifest.Shard> described(Dataset<Row> placed, Storage storage, String folder, int shards)
            throws IOException {
        List<String> files = new ArrayList<>(storage.files(folder).stream()
                .filter(file -> file.endsWith(".parquet"))
                .toList());
        files.sort(Comparator.comparing(file -> partOf(file)));
        if (files.size() != shards) {
            throw new IllegalStateException(
                    folder + ": " + shards + " shards were written as " + files.size() + " files");
        }
        var hadoop = new SerializableConfiguration(
                placed.sparkSession().sparkContext().hadoopConfiguration());
        List<String> checksums = placed.sparkSession()
                .createDataset(files, Encoders.STRING())
                .map((MapFunction<String, String>) file -> file + " " + sha256(file, hadoop), Encoders.STRING())
                .collectAsList();
        long last = placed.count() - (long) (shards - 1) * ROWS_PER_SHARD;
        List<ShardManifest.Shard> described = new ArrayList<>();
        for (int i = 0; i < shards; i++) {
            String file = files.get(i);
            String checksum = checksums.stream()
                    .filter(line -> line.startsWith(file + " "))
                    .findFirst()
                    .orElseThrow();
            int rows = i < shards - 1 ? ROWS_PER_SHARD : Math.toIntExact(last);
            described.add(new ShardManifest.Shard(
                    file.substring(file.lastIndexOf('/') + 1), rows, checksum.substring(file.length() + 1)));
        }
        return described;
    }

    private static String partOf(String file) {
        return file.substring(file.lastIndexOf('/') + 1);
    }

    static String sha256(String file, SerializableConfiguration hadoop) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            Path path = new Path(file);
            try (InputStream in =
                    new DigestInputStream(path.getFileSystem(hadoop.value()).open(path), sha)) {
                in.transferTo(java.io.OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(sha.digest());
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
