package org.hone.spark.session;

import java.io.Serializable;

/**
 * How far one task is.
 *
 * @param done units of work done, those before this task included
 * @param before units that were done before this task began, as a checkpoint has them
 * @param text what else the progress line shows, such as loss and tokens a second; may be empty
 */
public record TaskProgress(long done, long before, String text) implements Serializable {
    /** Where every task starts. */
    static final TaskProgress NONE = new TaskProgress(0, 0, "");

    /**
     * How far a task is that began with nothing done.
     *
     * @param done units of work done by this task
     * @param text what else the progress line shows
     */
    public TaskProgress(long done, String text) {
        this(done, 0, text);
    }
}
