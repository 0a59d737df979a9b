package org.hone.spark.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Folders of models that a command is given. */
final class ModelFolders {
    private ModelFolders() {}

    /** Refuses what is not there. */
    static void check(List<Path> folders) {
        for (Path folder : folders) {
            if (!Files.isDirectory(folder)) {
                throw new IllegalArgumentException(folder + ": there is no such folder");
            }
        }
    }
}
