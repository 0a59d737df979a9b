package org.hone.spark.shard;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.hone.spark.run.Storage;

/**
 * What a folder of token shards holds. Shard {@code i} has the rows from {@code i · rowsPerShard} on, in the
 * table's global order; only the last one may be shorter.
 *
 * @param rows rows in all
 * @param rowsPerShard rows in every shard but the last
 * @param shards the files, in order
 */
public record ShardManifest(long rows, int rowsPerShard, List<Shard> shards) implements Serializable {
    /** The manifest's name in the folder. */
    static final String NAME = "_manifest.json";

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /**
     * One file.
     *
     * @param file its name in the folder
     * @param rows its rows
     * @param sha256 checksum of its bytes, in hexadecimal
     */
    public record Shard(String file, int rows, String sha256) implements Serializable {}

    /**
     * Copies the list into one that every serialiser takes.
     *
     * @param rows rows in all
     * @param rowsPerShard rows in every shard but the last
     * @param shards the files, in order
     */
    public ShardManifest {
        shards = new java.util.ArrayList<>(shards);
    }

    /**
     * Reads the manifest of a folder.
     *
     * @param storage the file systems
     * @param folder the folder
     * @return the manifest
     * @throws IOException if it is not there or not a manifest
     */
    public static ShardManifest read(Storage storage, String folder) throws IOException {
        return JSON.readValue(storage.readText(folder + "/" + NAME), ShardManifest.class);
    }

    void write(Storage storage, String folder) throws IOException {
        storage.writeText(folder + "/" + NAME, JSON.writeValueAsString(this) + "\n");
    }
}
