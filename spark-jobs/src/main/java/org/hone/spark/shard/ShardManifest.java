package org.hone.spark.shard;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.hone.spark.run.Checksum;
import org.hone.spark.run.Storage;
import org.hone.spark.tokenise.EncodingIdentity;

/**
 * What a folder of token shards holds. Shard {@code i} has the rows from {@code i · rowsPerShard} on, in the
 * table's global order; only the last one may be shorter.
 *
 * @param version the manifest's format, {@value #VERSION}
 * @param kind what a row is
 * @param rows rows in all
 * @param rowsPerShard rows in every shard but the last
 * @param encoding how the rows were made
 * @param figures what they hold
 * @param shards the files, in order
 */
public record ShardManifest(
        int version,
        ShardKind kind,
        long rows,
        int rowsPerShard,
        EncodingIdentity encoding,
        ShardFigures figures,
        List<Shard> shards)
        implements Serializable {
    /** The format that this version of Hone writes and reads. */
    public static final int VERSION = 3;

    /** What to do where shards are not what was written. */
    static final String MEND =
            "delete the folder that hone pack, or a round's tokenising stage, wrote it in, and run that again;"
                    + " a training's own folder may stay";

    /** The manifest's name in the folder. */
    static final String NAME = "_manifest.json";

    /**
     * One file.
     *
     * @param file its name in the folder
     * @param rows its rows
     * @param tokens its tokens; four bytes each in a rank's memory
     * @param sha256 checksum of its bytes, in hexadecimal; says that the file is the one that was written
     * @param rowsSha256 checksum of what its rows hold; the same for the same rows, whichever process wrote them
     */
    public record Shard(String file, int rows, long tokens, String sha256, String rowsSha256) implements Serializable {}

    /**
     * Checks that the shards are those of the rows, and copies their list into one that every serialiser takes.
     *
     * @param version the manifest's format, {@value #VERSION}
     * @param kind what a row is
     * @param rows rows in all
     * @param rowsPerShard rows in every shard but the last
     * @param encoding how the rows were made
     * @param figures what they hold
     * @param shards the files, in order
     */
    public ShardManifest {
        shards = new ArrayList<>(shards);
        long left = rows;
        for (Shard shard : shards) {
            if (shard.rows() != Math.min(left, rowsPerShard) || shard.rows() < 1) {
                throw new IllegalArgumentException(shard.file() + " has " + shard.rows() + " rows; " + rows
                        + " rows in shards of " + rowsPerShard + " leave " + Math.min(left, rowsPerShard)
                        + " for it");
            }
            if (!shard.file().matches("[\\w.-]+")) {
                throw new IllegalArgumentException(shard.file() + " is not the name of a file in the folder");
            }
            left -= shard.rows();
        }
        if (left != 0) {
            throw new IllegalArgumentException("the shards hold " + (rows - left) + " rows, the manifest says " + rows);
        }
    }

    /**
     * Reads the manifest of a folder.
     *
     * @param storage the file systems
     * @param folder the folder
     * @return the manifest
     * @throws IOException if it is not there, of another version or not a manifest
     */
    public static ShardManifest read(Storage storage, String folder) throws IOException {
        String file = folder + "/" + NAME;
        return ManifestJson.read(file, storage.readText(file));
    }

    void write(Storage storage, String folder) throws IOException {
        storage.writeText(folder + "/" + NAME, ManifestJson.text(this));
    }

    /**
     * Checksum of what all rows hold, in their order. Two folders have it in common if they have the same rows.
     *
     * @return SHA-256 of the shards' checksums one after the other, in hexadecimal
     */
    public String rowsSha256() {
        return Checksum.sha256(shards.stream().map(Shard::rowsSha256).collect(Collectors.joining()));
    }

    /**
     * The most tokens that a shard keeps in a rank's memory.
     *
     * @return tokens of the fullest shard
     */
    public long maxShardTokens() {
        return shards.stream().mapToLong(Shard::tokens).max().orElse(0);
    }
}
