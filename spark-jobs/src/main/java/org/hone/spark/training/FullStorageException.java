package org.hone.spark.training;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Storage that is full: an executor that was lost is replaced, but a disk stays full until somebody makes room. */
final class FullStorageException extends IOException {
    private static final long serialVersionUID = 1;

    /** What Linux, its quotas, Windows and HDFS say; Java has no exception for it. */
    private static final List<String> SIGNS = List.of(
            "No space left on device",
            "Disk quota exceeded",
            "not enough space on the disk",
            "QuotaExceededException",
            "could only be written to 0 of the");

    FullStorageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Whether a problem, or what caused it, is that there is no room. */
    static boolean isCauseOf(Throwable problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            String said = cause.toString();
            if (SIGNS.stream().anyMatch(said::contains)) {
                return true;
            }
        }
        return false;
    }
}
