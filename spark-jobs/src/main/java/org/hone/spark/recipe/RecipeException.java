package org.hone.spark.recipe;

import java.util.List;

/** A recipe that cannot be run; the message has one line a problem, each with file, line, key and remedy. */
public final class RecipeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Joins the problems into one message.
     *
     * @param problems what is wrong, at least one line
     */
    public RecipeException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
    }
}
