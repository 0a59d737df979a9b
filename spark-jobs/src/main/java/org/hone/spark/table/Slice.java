package org.hone.spark.table;

import java.io.Serializable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one source, or of one week of it: what an import replaces.
 *
 * @param source the source
 * @param week its week; null: the rows that have none
 */
public record Slice(String source, @Nullable Integer week) implements Serializable {
    /**
     * Which rows of a table belong to it.
     *
     * @return the condition
     */
    public Column condition() {
        return functions.col("source").equalTo(source).and(functions.col("week").eqNullSafe(functions.lit(week)));
    }

    /** The same as SQL. */
    String sql() {
        String name = "'" + source.replace("\\", "\\\\").replace("'", "\\'") + "'";
        return "(source = " + name + " AND week " + (week == null ? "IS NULL" : "= " + week) + ")";
    }
}
