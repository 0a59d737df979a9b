package org.hone.spark.raw;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/** Opens raw files, whole or in chunks. */
public final class RawFiles {
    /** Of a file that can be read from the middle, so many bytes make a chunk. */
    public static final long CHUNK_BYTES = 32L << 20;

    private static final int MOST_LOOKED_AT = 10_000;

    private RawFiles() {}

    /**
     * What a file is.
     *
     * @param file its Hadoop path
     * @param hadoop the file systems' configuration
     * @return the container
     * @throws IOException if the file cannot be opened
     */
    public static Container container(String file, Configuration hadoop) throws IOException {
        RawFile raw = new RawFile(file, hadoop);
        return Container.of(new Path(file).getName(), raw.head());
    }

    /**
     * Cuts a file into chunks; record numbers of lines are not yet known but in the first.
     *
     * @param file its Hadoop path
     * @param container how it holds its records
     * @param hadoop the file systems' configuration
     * @param chunkBytes bytes of a chunk
     * @return the chunks, in order
     * @throws IOException if the file cannot be opened
     */
    public static List<Chunk> chunks(String file, Container container, Configuration hadoop, long chunkBytes)
            throws IOException {
        Path path = new Path(file);
        long length = path.getFileSystem(hadoop).getFileStatus(path).getLen();
        if (length > chunkBytes && container == Container.PARQUET) {
            return new ParquetFile(file, hadoop).chunks(chunkBytes);
        }
        boolean hasLines = container == Container.JSON_LINES || container == Container.TEXT_LINES;
        boolean isPlainLines = hasLines && !new RawFile(file, hadoop).isCompressed();
        if (!isPlainLines || length <= chunkBytes) {
            return List.of(Chunk.whole(file, container));
        }
        List<Chunk> chunks = new ArrayList<>();
        for (long start = 0; start < length; start += chunkBytes) {
            long end = Math.min(length, start + chunkBytes);
            chunks.add(new Chunk(file, container, start, end, 1));
        }
        return chunks;
    }

    /**
     * Counts the lines of a chunk of lines.
     *
     * @param chunk the chunk
     * @param hadoop the file systems' configuration
     * @return its lines
     * @throws IOException if the file cannot be read
     */
    public static long lines(Chunk chunk, Configuration hadoop) throws IOException {
        try (LineRecords lines = new LineRecords(opened(chunk, hadoop), chunk)) {
            return lines.count();
        }
    }

    /**
     * Opens a chunk.
     *
     * @param chunk the chunk
     * @param hadoop the file systems' configuration
     * @return its records, to be closed
     * @throws IOException if it cannot be opened
     */
    public static Records open(Chunk chunk, Configuration hadoop) throws IOException {
        RawFile file = new RawFile(chunk.file(), hadoop);
        return switch (chunk.container()) {
            case JSON_LINES, TEXT_LINES -> new LineRecords(opened(chunk, hadoop), chunk);
            case JSON -> new JsonRecords(file.openText());
            case CSV -> new CsvRecords(file.openText());
            case TEXT -> new TextRecords(file.openText(), isMarked(file.head()));
            case PARQUET -> new ParquetRecords(chunk, hadoop);
        };
    }

    /**
     * The first records of a file, to tell its format by.
     *
     * @param file its Hadoop path
     * @param hadoop the file systems' configuration
     * @param most how many
     * @return the first records that can be parsed
     * @throws IOException if the file cannot be opened
     */
    public static List<RawRecord.Parsed> first(String file, Configuration hadoop, int most) throws IOException {
        List<RawRecord.Parsed> first = new ArrayList<>();
        try (Records records = open(Chunk.whole(file, container(file, hadoop)), hadoop)) {
            @Nullable RawRecord record = records.next();
            for (int seen = 0; seen < MOST_LOOKED_AT && first.size() < most && record != null; seen++) {
                if (record instanceof RawRecord.Parsed parsed) {
                    first.add(parsed);
                }
                record = records.next();
            }
        } catch (IOException e) {
            return first; // the import meets the same error and puts the rest of the file into quarantine
        }
        return first;
    }

    /**
     * What is said of a damaged file.
     *
     * @param record the first record that is lost
     * @param error what reading it threw
     * @return a clause that goes on from the file's name
     */
    public static String damage(long record, IOException error) {
        String reason = error.getMessage() == null ? error.toString() : error.getMessage();
        return "cannot be read from record " + record + " on (" + reason.replace('\n', ' ') + ")";
    }

    private static InputStream opened(Chunk chunk, Configuration hadoop) throws IOException {
        if (chunk.start() == 0) {
            return new RawFile(chunk.file(), hadoop).open();
        }
        return StorageStream.open(chunk.file(), hadoop, chunk.start());
    }

    private static boolean isMarked(byte[] head) {
        return new String(head, StandardCharsets.ISO_8859_1).contains(TextRecords.END_OF_TEXT);
    }
}
