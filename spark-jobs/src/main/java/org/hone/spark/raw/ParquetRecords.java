package org.hone.spark.raw;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.jspecify.annotations.Nullable;

/** Rows of a Parquet file, those of the row groups that belong to a chunk. */
final class ParquetRecords implements Records {
    private final ParquetReader<Group> reader;
    private long number;

    ParquetRecords(Chunk chunk, Configuration hadoop) throws IOException {
        try {
            this.number = rowsBefore(chunk, hadoop);
            this.reader = ParquetReader.builder(new GroupReadSupport(), new Path(chunk.file()))
                    .withConf(hadoop)
                    .withFileRange(chunk.start(), chunk.end())
                    .build();
        } catch (EOFException | RuntimeException e) {
            throw new IOException("no whole Parquet file: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(chunk.file() + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** A row group belongs to the chunk that its middle lies in, as Parquet's own reader has it. */
    private static long rowsBefore(Chunk chunk, Configuration hadoop) throws IOException {
        long rows = 0;
        try (ParquetFileReader file =
                ParquetFileReader.open(HadoopInputFile.fromPath(new Path(chunk.file()), hadoop))) {
            for (BlockMetaData group : file.getFooter().getBlocks()) {
                if (group.getStartingPos() + group.getCompressedSize() / 2 < chunk.start()) {
                    rows += group.getRowCount();
                }
            }
        }
        return rows;
    }

    @Override
    public @Nullable RawRecord next() throws IOException {
        try {
            Group group = reader.read();
            if (group == null) {
                return null;
            }
            ObjectNode value = ParquetValues.object(group);
            number++;
            return new RawRecord.Parsed(number, value, null);
        } catch (EOFException | RuntimeException e) {
            throw new IOException("the Parquet file is damaged: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("the Parquet file cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
