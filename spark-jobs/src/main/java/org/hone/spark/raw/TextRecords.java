package org.hone.spark.raw;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import org.hone.data.importer.QuarantineReason;
import org.jspecify.annotations.Nullable;

/**
 * Documents of a plain text file, each as an object with a field {@code text}: what stands between two lines of {@code
 * <|endoftext|>} if the file's beginning has one, else between blank lines.
 */
final class TextRecords implements Records {
    /** Ends a document, on a line of its own. */
    static final String END_OF_TEXT = "<|endoftext|>";

    /** The field of a record that holds its text. */
    static final String TEXT = "text";

    private final BufferedReader lines;
    private final boolean isMarked;
    private long number;

    TextRecords(Reader reader, boolean isMarked) {
        this.lines = new BufferedReader(reader);
        this.isMarked = isMarked;
    }

    @Override
    public @Nullable RawRecord next() throws IOException {
        StringBuilder text = new StringBuilder();
        long length = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            boolean ends = isMarked ? line.strip().equals(END_OF_TEXT) : line.isBlank();
            if (ends && length > 0) {
                break;
            }
            if (!ends && !(text.isEmpty() && line.isBlank())) {
                length += line.length() + 1L;
                if (length <= RecordJson.LONGEST_RECORD) {
                    text.append(text.isEmpty() ? "" : "\n").append(line);
                }
            }
        }
        return length == 0 ? null : record(text.toString(), length);
    }

    private RawRecord record(String text, long length) {
        number++;
        if (length > RecordJson.LONGEST_RECORD) {
            return new RawRecord.Broken(
                    number,
                    QuarantineReason.TOO_LONG,
                    "the document has " + length + " characters, at most " + RecordJson.LONGEST_RECORD + " are read",
                    RawRecord.shortened(text));
        }
        return new RawRecord.Parsed(
                number, JsonNodeFactory.instance.objectNode().put(TEXT, text.stripTrailing()), text);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
