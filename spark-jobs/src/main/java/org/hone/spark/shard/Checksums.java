package org.hone.spark.shard;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;

/** Checksums of files, wherever they are. */
final class Checksums {
    private Checksums() {}

    static String sha256(String file, SerializableConfiguration hadoop) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            Path path = new Path(file);
            try (InputStream in =
                    new DigestInputStream(path.getFileSystem(hadoop.value()).open(path), sha)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(sha.digest());
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
