package org.hone.model.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Writes folders that are either wholly there or not at all. */
final class ReplacedFolder {
    private ReplacedFolder() {}

    /** What fills a folder. */
    @FunctionalInterface
    interface Content {
        void writeTo(Path folder) throws IOException;
    }

    /**
     * Fills a new folder beside the target and moves it there at the end. A target with files is replaced only
     * if it has the mark of our own folders: nobody's files are deleted by a wrong path.
     */
    static void write(Path target, String mark, Content content) throws IOException {
        Path folder = target.toAbsolutePath().normalize();
        if (Files.exists(folder) && !isEmpty(folder) && !Files.exists(folder.resolve(mark))) {
            throw new CheckpointException(
                    target, "holds files that Hone did not write (it has no " + mark + "); choose another folder");
        }
        Path parent = folder.getParent();
        if (parent == null) {
            throw new CheckpointException(target, "is no place for a model; choose another folder");
        }
        Files.createDirectories(parent);
        Path partial = parent.resolve("." + folder.getFileName() + "." + UUID.randomUUID() + ".partial");
        Path replaced = partial.resolveSibling(partial.getFileName() + ".replaced");
        try {
            Files.createDirectory(partial);
            content.writeTo(partial);
            if (Files.exists(folder)) {
                Files.move(folder, replaced, StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            delete(partial);
            delete(replaced);
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new CheckpointException(folder, "is a file; choose another folder");
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> innermostFirst;
        try (Stream<Path> files = Files.walk(folder)) {
            innermostFirst = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : innermostFirst) {
            Files.delete(file);
        }
    }
}
