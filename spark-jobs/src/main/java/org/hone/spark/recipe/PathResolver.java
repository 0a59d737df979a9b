package org.hone.spark.recipe;

import java.io.IOException;

/**
 * Spells a recipe's path out, so that it means the same in every process of a cluster: an executor has a working folder
 * of its own, and a run that goes on from another folder must find the same files.
 */
@FunctionalInterface
public interface PathResolver {
    /**
     * Resolves a path.
     *
     * @param path a Hadoop path or glob, perhaps relative
     * @return the absolute path with its scheme
     * @throws IOException if its file system is unknown or cannot be reached
     */
    String resolve(String path) throws IOException;
}
