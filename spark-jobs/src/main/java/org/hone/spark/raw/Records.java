package org.hone.spark.raw;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads a file's records one after the other, so that no file has to fit into memory. */
public interface Records extends Closeable {
    /**
     * The next record.
     *
     * @return the record, null at the end
     * @throws IOException if the rest of the file cannot be read
     */
    @Nullable RawRecord next() throws IOException;
}
