package org.hone.spark.run;

/**
 * Work that stopped through no fault of its recipe or input, such as by a full disk. What was finished is kept, and the message says
 * what the same command needs to go on.
 */
public final class UnfinishedWorkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Says what stopped it.
     *
     * @param message what happened, and what to do
     * @param cause of it
     */
    public UnfinishedWorkException(String message, Throwable cause) {
        super(message, cause);
    }
}
