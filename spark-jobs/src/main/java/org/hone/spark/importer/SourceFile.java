package org.hone.spark.importer;

import java.io.Serializable;
import org.apache.spark.sql.Row;
import org.hone.spark.table.Slice;

/**
 * A file as part of a source: the same file may belong to two.
 *
 * @param slice the source and its week
 * @param file the file's Hadoop path
 */
record SourceFile(Slice slice, String file) implements Serializable {
    /** The file that a row's columns {@code source}, {@code week} and {@code file} name. */
    static SourceFile of(Row row) {
        return new SourceFile(new Slice(row.getAs("source"), row.getAs("week")), row.getAs("file"));
    }
}
