package org.hone.spark.run;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * Files of a run, wherever they are: {@code file:}, {@code hdfs:}, {@code s3a:}.
 *
 * <p>A text becomes visible whole or not at all: by rename where the file system renames atomically, by
 * the store's own all-or-nothing put elsewhere.
 */
public final class Storage {
    private static final Set<String> RENAMES_ATOMICALLY = Set.of("file", "hdfs", "viewfs");

    private final Configuration configuration;

    /**
     * Opens the file systems that a configuration names.
     *
     * @param configuration Hadoop's configuration
     */
    public Storage(Configuration configuration) {
        this.configuration = configuration;
    }

    /**
     * A path with its file system spelt out, so that it means the same on every machine of a cluster.
     *
     * @param path a Hadoop path or a local one
     * @return the absolute path with its scheme
     * @throws IOException if the file system cannot be reached
     */
    public String qualified(String path) throws IOException {
        return fileSystem(path).makeQualified(new Path(path)).toString();
    }

    /**
     * Whether something is there.
     *
     * @param path a Hadoop path
     * @return whether a file or folder has this name
     * @throws IOException if the file system cannot be reached
     */
    public boolean exists(String path) throws IOException {
        return fileSystem(path).exists(new Path(path));
    }

    /**
     * Reads a small text file.
     *
     * @param path a Hadoop path
     * @return its text
     * @throws IOException if it cannot be read
     */
    public String readText(String path) throws IOException {
        try (InputStream in = fileSystem(path).open(new Path(path))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /**
     * Writes a small text file so that a reader sees the old text or the new one, never a part.
     *
     * @param path a Hadoop path
     * @param text what it shall hold
     * @throws IOException if it cannot be written, a full disk included
     */
    public void writeText(String path, String text) throws IOException {
        writeBytes(path, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Writes a small file so that a reader sees the old one or the new one, never a part.
     *
     * @param path a Hadoop path
     * @param bytes what it shall hold
     * @throws IOException if it cannot be written, a full disk included
     */
    public void writeBytes(String path, byte[] bytes) throws IOException {
        FileSystem files = withoutSideFiles(fileSystem(path));
        Path target = new Path(path);
        boolean renames = RENAMES_ATOMICALLY.contains(files.getUri().getScheme());
        Path written = renames ? new Path(target.getParent(), unfinished(target.getName())) : target;
        try (OutputStream out = files.create(written, true)) {
            out.write(bytes);
        } catch (FSError e) { // Hadoop's word for a local disk's IOException
            throw new IOException(
                    path + ": " + Objects.requireNonNullElse(e.getCause(), e).getMessage(), e);
        }
        if (renames) {
            replace(files, written, target);
        }
    }

    /**
     * What an interrupted {@link #writeText} may leave beside its file. It means nothing, and the next one replaces it.
     *
     * @param name a file's name, without its folder
     * @return the name of what is left
     */
    public static String unfinished(String name) {
        return "." + name + ".tmp";
    }

    /**
     * Begins a file that readers may follow while it grows, where the file system shows unfinished files.
     *
     * @param path a Hadoop path; a file that is there is replaced
     * @return what to write to
     * @throws IOException if it cannot be written
     */
    public FSDataOutputStream growing(String path) throws IOException {
        return withoutSideFiles(fileSystem(path)).create(new Path(path), true);
    }

    /** Hadoop keeps a checksum beside each local file, which cannot be replaced in the same instant as the file. */
    private static FileSystem withoutSideFiles(FileSystem files) {
        return files instanceof LocalFileSystem local ? local.getRawFileSystem() : files;
    }

    /** One step on these file systems: a reader never finds the target missing. */
    private void replace(FileSystem files, Path written, Path target) throws IOException {
        if (files instanceof RawLocalFileSystem local) {
            // the checksum that another writer left would not fit the new bytes
            local.delete(new Path(target.getParent(), "." + target.getName() + ".crc"), false);
            if (!local.rename(written, target)) {
                throw new IOException(written + ": could not be moved to " + target);
            }
        } else {
            FileContext.getFileContext(files.getUri(), configuration).rename(written, target, Options.Rename.OVERWRITE);
        }
    }

    /**
     * Moves a file to where another may be; moving it again ends a move that was interrupted.
     *
     * @param from a Hadoop path
     * @param to where it shall be, in the same file system
     * @throws IOException if it cannot be moved
     */
    public void move(String from, String to) throws IOException {
        FileSystem files = fileSystem(from);
        Path target = new Path(to);
        files.mkdirs(target.getParent());
        files.delete(target, false);
        if (!files.rename(new Path(from), target)) {
            throw new IOException(from + ": could not be moved to " + to);
        }
    }

    /**
     * Deletes a file or a folder with all that it holds; nothing happens if it is not there.
     *
     * @param path a Hadoop path
     * @throws IOException if it cannot be deleted
     */
    public void delete(String path) throws IOException {
        FileSystem files = fileSystem(path);
        Path target = new Path(path);
        if (files.exists(target) && !files.delete(target, true)) {
            throw new IOException(path + ": could not be deleted");
        }
    }

    /**
     * Names of what a folder holds, sorted; empty if there is no such folder.
     *
     * @param path a Hadoop path
     * @return the names, without the folder
     * @throws IOException if it cannot be listed
     */
    public List<String> list(String path) throws IOException {
        try {
            return Arrays.stream(fileSystem(path).listStatus(new Path(path)))
                    .map(status -> status.getPath().getName())
                    .sorted()
                    .toList();
        } catch (FileNotFoundException e) {
            return List.of();
        }
    }

    /**
     * Files that a path, folder or glob names, sorted by name; hidden ones left out.
     *
     * @param pattern a Hadoop path or glob
     * @return the files
     * @throws IOException if the file system cannot be reached
     */
    public List<String> files(String pattern) throws IOException {
        FileSystem files = fileSystem(pattern);
        FileStatus[] found = files.globStatus(new Path(pattern));
        if (found == null) {
            return List.of();
        }
        FileStatus[] listed =
                found.length == 1 && found[0].isDirectory() ? files.listStatus(found[0].getPath()) : found;
        return Arrays.stream(listed)
                .filter(FileStatus::isFile)
                .map(status -> status.getPath().toString())
                .filter(name -> !name.substring(name.lastIndexOf('/') + 1).matches("[._].*"))
                .sorted()
                .toList();
    }

    /**
     * The file system of a path.
     *
     * @param path a Hadoop path
     * @return its file system
     * @throws IOException if it cannot be reached
     */
    public FileSystem fileSystem(String path) throws IOException {
        return new Path(path).getFileSystem(configuration);
    }
}
