package org.hone.spark.importer;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.hone.data.importer.Format;
import org.hone.spark.table.Slice;
import org.jspecify.annotations.Nullable;

/**
 * Files of one data set to import.
 *
 * @param name the source, which becomes part of every id
 * @param files their Hadoop paths
 * @param format what their records mean; null: told by the first records of each file
 * @param week the weekly batch of the rows, null if there is none
 * @param licence under which they may be used, null if not known
 */
public record ImportSource(
        String name,
        List<String> files,
        @Nullable Format format,
        @Nullable Integer week,
        @Nullable String licence) implements Serializable {
    /**
     * Copies the files.
     *
     * @param name the source
     * @param files their Hadoop paths
     * @param format what their records mean
     * @param week the weekly batch
     * @param licence the licence
     */
    public ImportSource {
        files = new ArrayList<>(files);
    }

    /**
     * What importing it replaces.
     *
     * @return the slice
     */
    public Slice slice() {
        return new Slice(name, week);
    }
}
