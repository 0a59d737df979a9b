package org.hone.spark.table;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A committed state of a table.
 *
 * @param version its number, from 0
 * @param time when it was committed
 * @param operation what was done
 * @param note what Hone wrote beside it: the command and the sources
 * @param figures counts of rows and files, as the table format reports them
 */
public record TableVersion(
        long version,
        Instant time,
        String operation,
        @Nullable String note,
        Map<String, String> figures) {
    /**
     * Copies the figures.
     *
     * @param version its number, from 0
     * @param time when it was committed
     * @param operation what was done
     * @param note what Hone wrote beside it
     * @param figures counts of rows and files
     */
    public TableVersion {
        figures = Map.copyOf(figures);
    }
}
