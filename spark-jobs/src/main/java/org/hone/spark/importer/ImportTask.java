package org.hone.spark.importer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import org.hone.data.importer.Format;
import org.hone.data.importer.Imported;
import org.hone.data.importer.QuarantineReason;
import org.hone.data.importer.hh.HelpfulHarmless;
import org.hone.data.preference.PreferencePair;
import org.hone.spark.table.PreferenceTable;
import org.jspecify.annotations.Nullable;

/**
 * Reads a chunk, record by record.
 *
 * @param hadoop the file systems' configuration
 */
public record ImportTask(SerializableConfiguration hadoop) implements Serializable {
    /** How much of a line is kept in quarantine, in characters. */
    private static final int LONGEST_RAW = 4096;

    private static final Format FORMAT = new HelpfulHarmless();
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * The lines of a file as rows of {@link ImportedTable}.
     *
     * @param file the file
     * @return its rows, read as they are asked for
     */
    Iterator<Row> read(SourceFile file) {
        try {
            Path path = new Path(file.file());
            FileSystem files = path.getFileSystem(hadoop.value());
            CompressionCodec codec = new CompressionCodecFactory(hadoop.value()).getCodec(path);
            InputStream raw = files.open(path);
            LineReader lines = new LineReader(codec == null ? raw : codec.createInputStream(raw), hadoop.value());
            TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> close(lines));
            return new Lines(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(file.file() + ": cannot be opened: " + e.getMessage(), e);
        }
    }

    /** Rows are made as they are asked for. Whatever breaks becomes a row of the quarantine, never an exception. */
    private final class Rows implements Iterator<Row> {
        private final ImportChunk chunk;
        private final Deque<Row> ready = new ArrayDeque<>();
        private @Nullable Records records;
        private long read;
        private long last;
        private boolean ended;

        Rows(ImportChunk chunk) {
            this.chunk = chunk;
            this.last = chunk.chunk().firstRecord() - 1;
            TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> close());
        }

        @Override
        public boolean hasNext() {
            while (ready.isEmpty() && !ended) {
                advance();
            }
            return !ready.isEmpty();
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException(chunk.chunk().file() + " has no further record");
            }
            return ready.remove();
        }

        private void advance() {
            try {
                Records open = records;
                if (open == null) {
                    open = RawFiles.open(chunk.chunk(), hadoop.value());
                    records = open;
                }
                RawRecord record = open.next();
                if (record == null) {
                    end();
                } else {
                    read(record);
                }
            } catch (IOException e) {
                unreadable(e);
            }
        }

        private Row parse() {
            JsonNode record;
            try {
                record = MAPPER.readTree(Text.decode(text.getBytes(), 0, text.getLength()));
            } catch (CharacterCodingException e) {
                return refused(QuarantineReason.INVALID_UNICODE, "the bytes are not UTF-8: " + e.getMessage());
            } catch (JsonProcessingException e) {
                return refused(QuarantineReason.MALFORMED_JSON, e.getOriginalMessage());
            }
            if (record.isMissingNode()) {
                return refused(QuarantineReason.MALFORMED_JSON, "the line is empty");
            }
            Imported imported = FORMAT.read(record, file.source()).get(0);
            if (imported instanceof Imported.Refused refused) {
                return refused(refused.reason(), refused.detail());
            }
            return row(((Imported.Preference) imported).pair());
        }

        private Row refused(QuarantineReason reason, String detail) {
            String raw = text.toString();
            if (raw.length() > LONGEST_RAW) {
                int end = Character.isHighSurrogate(raw.charAt(LONGEST_RAW - 1)) ? LONGEST_RAW - 1 : LONGEST_RAW;
                raw = raw.substring(0, end) + "… (" + raw.length() + " characters in all)";
            }
            return ImportedTable.refused(file, line, reason.name(), detail, raw);
        }

        /** What cannot be read counts as one record: the one at which reading ended. */
        private void unreadable(IOException error) {
            read++;
            last++;
            ready.add(LandingRow.refused(
                    QuarantineReason.UNREADABLE_FILE.name(),
                    "the file cannot be read from record " + last + " on (" + error.getMessage()
                            + "); it is cut off or not what its name says: fetch it again and import it once more",
                    chunk.source(),
                    at(last),
                    ""));
            end();
        }

        private void end() {
            ended = true;
            ready.add(LandingRow.counted(chunk.source(), at(read)));
            close();
        }

        private Lineage at(long record) {
            return new Lineage(chunk.chunk().file(), record, 0, chunk.format().name());
        }

        private void close() {
            Records open = records;
            records = null;
            if (open != null) {
                try {
                    open.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(chunk.chunk().file() + ": cannot be closed: " + e.getMessage(), e);
                }
            }
        }
    }
}
