package org.hone.spark.raw;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/**
 * A Parquet file whose storage fails apart from its content, see {@link StorageFailure}.
 *
 * @param path its Hadoop path
 * @param hadoop the file systems' configuration
 */
record ParquetFile(String path, Configuration hadoop) implements InputFile {
    /**
     * Cuts the file into chunks of whole row groups, numbered by the rows before them. A file without a readable
     * footer is one chunk, so that it is refused once.
     */
    List<Chunk> chunks(long chunkBytes) {
        List<BlockMetaData> groups;
        try (ParquetFileReader file = ParquetFileReader.open(this)) {
            groups = file.getFooter().getBlocks();
        } catch (IOException | RuntimeException | StackOverflowError e) {
            damage(e);
            return List.of(Chunk.whole(path, Container.PARQUET));
        }
        List<Chunk> chunks = new ArrayList<>();
        long length = getLength();
        for (long start = 0; start < length; start += chunkBytes) {
            long end = Math.min(length, start + chunkBytes);
            chunks.add(new Chunk(path, Container.PARQUET, start, end, 1 + rowsBefore(groups, start)));
        }
        return chunks;
    }

    /** A row group belongs to the chunk that its middle lies in, as Parquet's own reader has it. */
    private static long rowsBefore(List<BlockMetaData> groups, long start) {
        return groups.stream()
                .filter(group -> group.getStartingPos() + group.getCompressedSize() / 2 < start)
                .mapToLong(BlockMetaData::getRowCount)
                .sum();
    }

    /**
     * What Parquet's reader threw as a broken file, unless it was the storage that failed. Bytes that read as a header
     * without end overflow the reader's stack, which is no more than another broken file.
     */
    static IOException damage(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof StorageFailure failure) {
                throw failure;
            }
        }
        return new IOException("no whole Parquet file: " + error, error);
    }

    @Override
    public String toString() {
        return path; // Parquet's messages name the file so
    }

    @Override
    public long getLength() {
        try {
            Path file = new Path(path);
            return file.getFileSystem(hadoop).getFileStatus(file).getLen();
        } catch (IOException e) {
            throw new StorageFailure(path, e);
        }
    }

    @Override
    public SeekableInputStream newStream() {
        try {
            Path file = new Path(path);
            FSDataInputStream in = file.getFileSystem(hadoop).open(file);
            return new Positioned(path, in);
        } catch (IOException e) {
            throw new StorageFailure(path, e);
        }
    }

    /** The stream's place is the storage's own. */
    private static final class Positioned extends DelegatingSeekableInputStream {
        private final String file;
        private final FSDataInputStream in;

        Positioned(String file, FSDataInputStream in) {
            super(new StorageStream(file, in));
            this.file = file;
            this.in = in;
        }

        @Override
        public long getPos() {
            try {
                return in.getPos();
            } catch (IOException e) {
                throw new StorageFailure(file, e);
            }
        }

        @Override
        public void seek(long position) throws IOException {
            in.seek(position);
        }
    }
}
