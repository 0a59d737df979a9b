package org.hone.spark.raw;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.InputFile;
import org.jspecify.annotations.Nullable;

/** Rows of a Parquet file, those of the row groups that belong to a chunk. */
final class ParquetRecords implements Records {
    private final ParquetReader<Group> reader;
    private long number;

    ParquetRecords(Chunk chunk, Configuration hadoop) throws IOException {
        this.number = chunk.firstRecord() - 1;
        try {
            this.reader = new Groups(new ParquetFile(chunk.file(), hadoop))
                    .withConf(hadoop)
                    .withFileRange(chunk.start(), chunk.end())
                    .build();
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw ParquetFile.damage(e);
        }
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
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw ParquetFile.damage(e);
        }
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    /** Parquet asks for its reader of a file that is no Hadoop path in this way only. */
    private static final class Groups extends ParquetReader.Builder<Group> {
        Groups(InputFile file) {
            super(file);
        }

        @Override
        protected ReadSupport<Group> getReadSupport() {
            return new GroupReadSupport();
        }
    }
}
