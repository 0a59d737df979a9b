package org.hone.model.checkpoint;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;

/** A model folder or file that cannot be used as it is; the message names it and says how to mend it. */
public final class CheckpointException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * A problem with a file or folder.
     *
     * @param location the file or folder
     * @param problem what is wrong, what was expected and how to mend it
     */
    public CheckpointException(Path location, String problem) {
        super(location + ": " + problem);
    }

    /**
     * A problem with a file or folder that another failure made known.
     *
     * @param location the file or folder
     * @param problem what is wrong, what was expected and how to mend it
     * @param cause the failure
     */
    public CheckpointException(Path location, String problem, Throwable cause) {
        super(location + ": " + problem, cause);
    }
}
