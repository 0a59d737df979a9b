package org.hone.model.distributed;

import java.io.Serial;

/** A rank could not reach its peers in time; the message says which rank waited for what. */
public final class CommunicationException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * A failed wait.
     *
     * @param message which rank waited for what
     * @param cause the backend's error
     */
    public CommunicationException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The backend's message without the C++ stack behind it. */
    static String firstLine(Exception problem) {
        return String.valueOf(problem.getMessage()).lines().findFirst().orElse("no message");
    }
}
