package org.hone.spark.executor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.SparkEnv;
import org.apache.spark.util.Utils;

/**
 * Files of a run as local paths, because libtorch maps weights into memory: a {@code file:} path is used where it lies, anything
 * else is copied once an executor, and again if it was written again there or lost here.
 */
public final class LocalCopies {
    private static final Map<String, Copy> COPIES = new ConcurrentHashMap<>();

    private LocalCopies() {}

    /**
     * A copy of a file or folder.
     *
     * @param scratch a folder for it alone
     * @param path where it lies in that
     * @param files what was copied, by its name below the path; of a single file the name is empty
     */
    private record Copy(Path scratch, Path path, Map<String, FileTree.Listed> files) {
        /** Whether nothing has taken a file away since, as what tidies up temporary folders does. */
        boolean isWhole() {
            return files.entrySet().stream()
                    .allMatch(file -> path.resolve(file.getKey()).toFile().length()
                            == file.getValue().bytes());
        }

        void delete() {
            FileUtil.fullyDelete(scratch.toFile());
        }
    }

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
            FileSystem storage = path.getFileSystem(hadoop);
            if (storage.getUri().getScheme().equals("file")) {
                return Path.of(storage.makeQualified(path).toUri().getPath());
            }
            Map<String, FileTree.Listed> files = FileTree.of(storage, path);
            return COPIES.compute(uri, (name, copy) -> {
                        if (copy != null && copy.files.equals(files) && copy.isWhole()) {
                            return copy;
                        }
                        return copy(storage, path, files);
                    })
                    .path();
        } catch (IOException e) {
            throw new UncheckedIOException(uri + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Deletes the copies of what lies below a folder, which no task uses any more.
     *
     * @param folder a Hadoop path
     */
    public static void drop(String folder) {
        COPIES.entrySet().removeIf(copy -> {
            boolean below = copy.getKey().startsWith(folder + "/");
            if (below) {
                copy.getValue().delete();
            }
            return below;
        });
    }

    private static Copy copy(FileSystem storage, org.apache.hadoop.fs.Path path, Map<String, FileTree.Listed> files) {
        try {
            Path local = Files.createDirectories(
                    Path.of(Utils.getLocalDir(SparkEnv.get().conf())));
            Path scratch = Files.createTempDirectory(local, "hone-");
            Copy copy = new Copy(scratch, scratch.resolve(path.getName()), files);
            try {
                FileUtil.copy(storage, path, copy.path.toFile(), false, storage.getConf());
            } catch (IOException e) {
                copy.delete();
                throw e;
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": cannot be copied to this executor: " + e.getMessage(), e);
        }
    }
}
