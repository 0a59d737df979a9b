package org.hone.spark.raw;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** Local files of which reading fails behind so many bytes: {@code failing://3/folder/file}. */
public final class FailingFiles extends RawLocalFileSystem {
    private static final String SCHEME = "failing";
    private static final URI ROOT = URI.create(SCHEME + ":///");

    static Configuration configuration() {
        Configuration hadoop = new Configuration();
        hadoop.setClass("fs." + SCHEME + ".impl", FailingFiles.class, org.apache.hadoop.fs.FileSystem.class);
        hadoop.setBoolean("fs." + SCHEME + ".impl.disable.cache", true);
        return hadoop;
    }

    static String path(String file, int bytes) {
        return SCHEME + "://" + bytes + file;
    }

    @Override
    public URI getUri() {
        return ROOT;
    }

    @Override
    protected void checkPath(Path path) {
        // one file system for every number of bytes
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        return super.getFileStatus(new Path(path.toUri().getPath()));
    }

    @Override
    public FSDataInputStream open(Path path, int buffer) throws IOException {
        return new FSDataInputStream(new Failing(
                super.open(new Path(path.toUri().getPath()), buffer),
                Integer.parseInt(path.toUri().getAuthority())));
    }

    private static final class Failing extends FSInputStream {
        private final FSDataInputStream in;
        private final int bytes;

        Failing(FSDataInputStream in, int bytes) {
            this.in = in;
            this.bytes = bytes;
        }

        @Override
        public int read() throws IOException {
            if (in.getPos() >= bytes) {
                throw new IOException("connection reset");
            }
            return in.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int one = read();
            if (one >= 0) {
                buffer[offset] = (byte) one;
            }
            return one < 0 ? -1 : 1;
        }

        @Override
        public void seek(long position) throws IOException {
            in.seek(position);
        }

        @Override
        public long getPos() throws IOException {
            return in.getPos();
        }

        @Override
        public boolean seekToNewSource(long target) {
            return false;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
