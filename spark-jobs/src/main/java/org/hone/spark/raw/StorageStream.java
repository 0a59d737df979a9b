package org.hone.spark.raw;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/**
 * Tells a file system that fails from a file that is broken. The first, a {@link StorageFailure}, fails the task, which
 * Spark then tries again; the second, an {@link IOException} of whatever reads the stream, goes to quarantine.
 */
final class StorageStream extends FilterInputStream {
    private final String file;

    StorageStream(String file, InputStream in) {
        super(in);
        this.file = file;
    }

    /**
     * Opens a file.
     *
     * @param file its Hadoop path
     * @param hadoop the file systems' configuration
     * @param start the first byte to read
     * @return its bytes from there on
     */
    static StorageStream open(String file, Configuration hadoop, long start) {
        try {
            Path path = new Path(file);
            FSDataInputStream in = path.getFileSystem(hadoop).open(path);
            if (start > 0) {
                in.seek(start);
            }
            return new StorageStream(file, in);
        } catch (IOException e) {
            throw new StorageFailure(file, e);
        }
    }

    @Override
    public int read() {
        try {
            return super.read();
        } catch (IOException e) {
            throw new StorageFailure(file, e);
        }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        try {
            return super.read(bytes, offset, length);
        } catch (IOException e) {
            throw new StorageFailure(file, e);
        }
    }
}
