package org.hone.spark.session;

import java.io.Serializable;

/**
 * How far one task is.
 *
 * @param done units of work done by this task
 * @param text what else the progress line shows, such as loss and tokens a second; may be empty
 */
public record TaskProgress(long done, String text) implements Serializable {
    /** Where every task starts. */
    static final TaskProgress NONE = new TaskProgress(0, "");
}
