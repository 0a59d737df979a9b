package org.hone.spark.raw;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * Tells a file system that fails from a file that is broken. The first fails the task, which Spark then tries again; the
 * second, an {@link IOException} of whatever reads the stream, goes to quarantine.
 */
final class StorageStream extends FilterInputStream {
    private final String file;

    StorageStream(String file, InputStream in) {
        super(in);
        this.file = file;
    }

    @Override
    public int read() {
        try {
            return super.read();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        try {
            return super.read(bytes, offset, length);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private UncheckedIOException failure(IOException error) {
        return new UncheckedIOException(file + ": the storage failed: " + error.getMessage(), error);
    }
}
