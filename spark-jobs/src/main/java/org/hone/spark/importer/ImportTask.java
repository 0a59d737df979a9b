package org.hone.spark.importer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.hadoop.util.LineReader;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
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
 * Reads one file line by line, plain or compressed as its name says.
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

    private static void close(LineReader lines) {
        try {
            lines.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Lines implements Iterator<Row> {
        private final SourceFile file;
        private final LineReader lines;
        private final Text text = new Text();
        private long line;
        private @Nullable Row next;

        Lines(SourceFile file, LineReader lines) {
            this.file = file;
            this.lines = lines;
            this.next = advance();
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public Row next() {
            Row row = next;
            if (row == null) {
                throw new NoSuchElementException(file.file() + " has " + line + " lines");
            }
            next = advance();
            return row;
        }

        private @Nullable Row advance() {
            try {
                int consumed = lines.readLine(text);
                line++;
                return consumed == 0 ? null : parse();
            } catch (IOException e) {
                throw new UncheckedIOException(
                        file.file() + ": cannot be read beyond line " + line + " (" + e.getMessage()
                                + "); the file is cut off or not what its name says: fetch it again",
                        e);
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

        private Row row(PreferencePair pair) {
            Row known = PreferenceTable.row(pair);
            Object[] values = new Object[ImportedTable.SCHEMA.length()];
            for (int i = 0; i < known.length(); i++) {
                values[i] = known.get(i);
            }
            values[ImportedTable.SCHEMA.fieldIndex("week")] = file.week();
            values[ImportedTable.SCHEMA.fieldIndex("file")] = file.file();
            values[ImportedTable.SCHEMA.fieldIndex("line")] = line;
            return RowFactory.create(values);
        }
    }
}
