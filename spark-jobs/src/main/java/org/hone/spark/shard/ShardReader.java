package org.hone.spark.shard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Reads whole shards, without Spark's help, inside a rank. The checksum is compared before the first row is
 * believed.
 */
public final class ShardReader {
    private static final String MARGIN = "margin";

    private final String folder;
    private final ShardManifest manifest;
    private final List<String> columns;
    private final SerializableConfiguration hadoop;

    /**
     * Opens a folder of shards.
     *
     * @param folder the folder
     * @param manifest its manifest
     * @param columns the token columns to read
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
        String found = ShardWriter.sha256(file, hadoop);
        if (!found.equals(shard.sha256())) {
            throw new IllegalStateException(file + ": checksum " + found + ", the manifest says " + shard.sha256()
                    + "; the file was altered or cut off: delete the stage's folder and run again");
        }
        List<TokenRow> rows = new ArrayList<>(shard.rows());
        try (ParquetReader<Group> reader = ParquetReader.builder(new GroupReadSupport(), new Path(file))
                .withConf(hadoop.value())
                .build()) {
            for (Group group = reader.read(); group != null; group = reader.read()) {
                rows.add(row(group));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
        }
        return rows;
    }

    private TokenRow row(Group group) {
        List<int[]> tokens = new ArrayList<>(columns.size());
        for (String column : columns) {
            tokens.add(tokens(group.getGroup(column, 0)));
        }
        float margin = group.getType().containsField(MARGIN) ? group.getFloat(MARGIN, 0) : 0;
        return new TokenRow(group.getString("id", 0), tokens, margin);
    }

    private static int[] tokens(Group list) {
        int[] ids = new int[list.getFieldRepetitionCount(0)];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = list.getGroup(0, i).getInteger(0, 0);
        }
        return ids;
    }
}
