package org.hone.spark.executor;

import java.io.IOException;
import java.net.URI;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** What a folder holds, by which it is told from what it was. Its own time would not do: in an object store that is the question's. */
public final class FileTree {
    private FileTree() {}

    /**
     * A file as its file system lists it.
     *
     * @param bytes its length
     * @param modified when it was written, in ms since 1970
     */
    public record Listed(long bytes, long modified) {}

    /**
     * Files of a folder and of the folders in it.
     *
     * @param files the file system
     * @param path a folder or a file in it
     * @return the files by their names below the path, sorted; of a path that is a file itself the name is empty
     * @throws IOException if there is nothing, or it cannot be listed
     */
    public static SortedMap<String, Listed> of(FileSystem files, Path path) throws IOException {
        URI root = files.makeQualified(path).toUri();
        SortedMap<String, Listed> tree = new TreeMap<>();
        for (RemoteIterator<LocatedFileStatus> found = files.listFiles(path, true); found.hasNext(); ) {
            LocatedFileStatus file = found.next();
            String name = root.relativize(file.getPath().toUri()).getPath();
            tree.put(name, new Listed(file.getLen(), file.getModificationTime()));
        }
        return tree;
    }

    /**
     * In a few words what a path holds, so that a change shows.
     *
     * @param files the file system
     * @param path a folder or a file in it
     * @return how many files, their bytes, and when the newest was written
     * @throws IOException if there is nothing, or it cannot be listed
     */
    public static String state(FileSystem files, Path path) throws IOException {
        Collection<Listed> tree = of(files, path).values();
        return tree.size() + " files, " + tree.stream().mapToLong(Listed::bytes).sum() + " bytes, modified "
                + tree.stream().mapToLong(Listed::modified).max().orElse(0);
    }
}
