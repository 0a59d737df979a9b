package org.hone.spark.executor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.SparkEnv;
import org.apache.spark.util.Utils;

/**
 * Files of a run as local paths, because libtorch maps weights into memory: a {@code file:} path is used
 * where it lies, anything else is copied once an executor.
 */
public final class LocalCopies {
    private static final Map<String, Path> COPIES = new ConcurrentHashMap<>();

    private LocalCopies() {}

    /**
     * The local path of a file or folder.
     *
     * @param uri a Hadoop path
     * @param hadoop the file systems' configuration
     * @return where it lies on this machine
     * @throws UncheckedIOException if it is not there or cannot be copied
     */
    public static Path of(String uri, Configuration hadoop) {
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(uri);
        try {
            FileSystem files = path.getFileSystem(hadoop);
            if (files.getUri().getScheme().equals("file")) {
                return Path.of(files.makeQualified(path).toUri().getPath());
            }
            FileStatus status = files.getFileStatus(path);
            return COPIES.computeIfAbsent(uri + "@" + status.getModificationTime(), key -> copy(files, path));
        } catch (IOException e) {
            throw new UncheckedIOException(uri + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static Path copy(FileSystem files, org.apache.hadoop.fs.Path path) {
        try {
            Path parent = Files.createTempDirectory(
                    Path.of(Utils.getLocalDir(SparkEnv.get().conf())), "hone-");
            Path target = parent.resolve(path.getName());
            FileUtil.copy(files, path, target.toFile(), false, files.getConf());
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": cannot be copied to this executor: " + e.getMessage(), e);
        }
    }
}
