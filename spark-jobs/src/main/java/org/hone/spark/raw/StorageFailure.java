package org.hone.spark.raw;

/**
 * A file system that fails, unlike a file that is broken. It is no {@link java.io.UncheckedIOException}, for the readers
 * of some containers take that for a broken file.
 */
final class StorageFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StorageFailure(String file, Exception cause) {
        super(file + ": the storage failed: " + cause.getMessage(), cause);
    }
}
