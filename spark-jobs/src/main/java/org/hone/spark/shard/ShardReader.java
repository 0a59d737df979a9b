package org.hone.spark.shard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.spark.run.Checksum;

/**
 * Reads whole shards, without Spark's help, inside a rank. The checksum is compared before the first row is
 * believed.
 */
public final class ShardReader {
    private final String folder;
    private final ShardManifest manifest;
    private final List<String> columns;
    private final SerializableConfiguration hadoop;

    /**
     * Opens a folder of shards.
     *
     * @param folder the folder
     * @param manifest its manifest
     * @param columns the columns to read, each of integers or lists of them
     * @param hadoop the file systems' configuration
     */
    public ShardReader(String folder, ShardManifest manifest, List<String> columns, SerializableConfiguration hadoop) {
        this.folder = folder;
        this.manifest = manifest;
        this.columns = List.copyOf(columns);
        this.hadoop = hadoop;
    }

    /**
     * Reads a shard.
     *
     * @param number its number in the manifest
     * @return its rows, in the table's global order
     */
    public List<TokenRow> read(int number) {
        ShardManifest.Shard shard = manifest.shards().get(number);
        String file = folder + "/" + shard.file();
        String found = sha256(file);
        if (!found.equals(shard.sha256())) {
            throw new IllegalStateException(file + ": checksum " + found + ", the manifest says " + shard.sha256()
                    + "; the file was altered or cut off: " + ShardManifest.MEND);
        }
        List<TokenRow> rows = new ArrayList<>(shard.rows());
        try (ParquetReader<TokenRow> reader = ParquetReader.builder(new TokenRowReadSupport(columns), new Path(file))
                .withConf(hadoop.value())
                .build()) {
            for (TokenRow row = reader.read(); row != null; row = reader.read()) {
                rows.add(row);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
        }
        if (rows.size() != shard.rows()) {
            throw new IllegalStateException(file + ": has " + rows.size() + " rows, the manifest says " + shard.rows()
                    + "; the manifest was altered: " + ShardManifest.MEND);
        }
        return rows;
    }

    private String sha256(String file) {
        try {
            return Checksum.sha256(file, hadoop.value());
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
