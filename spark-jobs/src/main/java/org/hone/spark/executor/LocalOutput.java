package org.hone.spark.executor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.SparkEnv;
import org.apache.spark.util.Utils;

/**
 * A folder of a run as a local one to write into, the other way round than {@link LocalCopies}: a {@code file:} folder is
 * written where it lies, any other through a temporary one that {@link #publish} copies.
 *
 * @param files the folder's file system
 * @param target the folder
 * @param local where to write
 */
public record LocalOutput(FileSystem files, org.apache.hadoop.fs.Path target, Path local) {
    /**
     * Makes an empty folder to write into; what an interrupted attempt left there is deleted.
     *
     * @param uri the folder, as a Hadoop path
     * @param hadoop the file systems' configuration
     * @return the folder, which exists and is empty
     * @throws IOException if it cannot be made
     */
    public static LocalOutput open(String uri, Configuration hadoop) throws IOException {
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(uri);
        FileSystem files = path.getFileSystem(hadoop);
        org.apache.hadoop.fs.Path target = files.makeQualified(path);
        files.delete(target, true);
        Path local = files.getUri().getScheme().equals("file")
                ? Files.createDirectories(Path.of(target.toUri().getPath()))
                : Files.createTempDirectory(
                        Path.of(Utils.getLocalDir(SparkEnv.get().conf())), "hone-output-");
        return new LocalOutput(files, target, local);
    }

    /**
     * Brings what was written to where it belongs.
     *
     * @throws IOException if it cannot be copied
     */
    public void publish() throws IOException {
        if (!files.getUri().getScheme().equals("file")) {
            files.copyFromLocalFile(true, true, new org.apache.hadoop.fs.Path(local.toUri()), target);
        }
    }
}
