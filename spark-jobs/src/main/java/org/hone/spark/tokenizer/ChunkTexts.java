package org.hone.spark.tokenizer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.hone.spark.raw.Chunk;
import org.hone.spark.raw.RawFiles;
import org.hone.spark.raw.RawRecord;
import org.hone.spark.raw.Records;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a chunk, one after the other. Damage ends the chunk with a row that says so; a storage that fails is
 * thrown, and fails the task.
 */
final class ChunkTexts implements Iterator<CorpusText>, AutoCloseable {
    private final Chunk chunk;
    private final String place;
    private final Configuration hadoop;
    private @Nullable Records records;
    private @Nullable CorpusText next;
    private long last;
    private boolean ended;

    ChunkTexts(Chunk chunk, String place, Configuration hadoop) {
        this.chunk = chunk;
        this.place = place;
        this.hadoop = hadoop;
        this.last = chunk.firstRecord() - 1;
    }

    @Override
    public boolean hasNext() {
        if (next == null && !ended) {
            next = read();
        }
        return next != null;
    }

    @Override
    public CorpusText next() {
        CorpusText ready = hasNext() ? next : null;
        if (ready == null) {
            throw new NoSuchElementException(chunk.file() + " has no further record");
        }
        next = null;
        return ready;
    }

    private @Nullable CorpusText read() {
        try {
            Records open = records;
            if (open == null) {
                open = RawFiles.open(chunk, hadoop);
                records = open;
            }
            RawRecord record = open.next();
            if (record != null) {
                last = record.number();
                return CorpusText.of(record, place);
            }
            ended = true;
            return null;
        } catch (IOException e) {
            ended = true;
            return CorpusText.unreadable(RawFiles.damage(last + 1, e));
        }
    }

    @Override
    public void close() {
        Records open = records;
        records = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw new UncheckedIOException(chunk.file() + ": cannot be closed: " + e.getMessage(), e);
            }
        }
    }
}
