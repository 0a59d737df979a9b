package org.hone.spark.raw;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.util.LineReader;
import org.hone.data.importer.QuarantineReason;
import org.jspecify.annotations.Nullable;

/**
 * Lines of JSON or of plain text. Line feed, carriage return or both end a line of JSON; of text only a line feed, with or
 * without a carriage return before it, for a lone carriage return may stand within a sentence. A chunk reads the lines that begin in it: the one
 * that begins at its very end too, for the next chunk cannot tell whether its first bytes begin a line.
 */
final class LineRecords implements Records {
    private static final int BYTE_ORDER_MARK = 3;
    private static final byte[] LINE_FEED = {'\n'};

    private final LineReader lines;
    private final boolean isJson;
    private final Text text = new Text();
    private final long end;
    private long position;
    private long number;

    /**
     * Reads lines.
     *
     * @param in the bytes from the chunk's start on
     * @param chunk the chunk
     */
    LineRecords(InputStream in, Chunk chunk) throws IOException {
        this.isJson = chunk.container() == Container.JSON_LINES;
        this.lines = isJson ? new LineReader(in) : new LineReader(in, LINE_FEED);
        this.position = chunk.start();
        this.end = chunk.end();
        this.number = chunk.firstRecord() - 1;
        if (chunk.start() > 0) {
            position += lines.readLine(text, 0);
        }
    }

    /** Lines that the rest of the chunk holds. */
    long count() throws IOException {
        long count = 0;
        while (position <= end) {
            int consumed = lines.readLine(text, 0);
            if (consumed == 0) {
                break;
            }
            position += consumed;
            count++;
        }
        return count;
    }

    @Override
    public @Nullable RawRecord next() throws IOException {
        if (position > end) {
            return null;
        }
        int consumed = lines.readLine(text, RecordJson.LONGEST_RECORD);
        if (consumed == 0) {
            return null;
        }
        boolean isFirst = position == 0;
        position += consumed;
        number++;
        if (consumed > RecordJson.LONGEST_RECORD) {
            return new RawRecord.Broken(
                    number,
                    QuarantineReason.TOO_LONG,
                    "the line has " + consumed + " bytes, at most " + RecordJson.LONGEST_RECORD + " are read",
                    RawRecord.shortened(decodedLeniently(RawRecord.LONGEST_RAW)));
        }
        return parse(isFirst && startsWithByteOrderMark() ? BYTE_ORDER_MARK : 0);
    }

    private RawRecord parse(int from) {
        String line;
        try {
            line = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text.getBytes(), from, text.getLength() - from))
                    .toString();
        } catch (CharacterCodingException e) {
            return new RawRecord.Broken(
                    number,
                    QuarantineReason.INVALID_UNICODE,
                    "the bytes are not UTF-8: " + e.getMessage(),
                    RawRecord.shortened(decodedLeniently(text.getLength())));
        }
        return isJson ? json(line) : plain(line);
    }

    private RawRecord plain(String line) {
        String sentence = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
        return new RawRecord.Parsed(
                number, JsonNodeFactory.instance.objectNode().put(TextRecords.TEXT, sentence), line);
    }

    private RawRecord json(String line) {
        try {
            JsonNode value = RecordJson.MAPPER.readTree(line);
            return value.isMissingNode()
                    ? broken("the line is empty", line)
                    : new RawRecord.Parsed(number, value, line);
        } catch (JsonProcessingException e) {
            return broken(e.getOriginalMessage(), line);
        }
    }

    private RawRecord broken(String detail, String line) {
        return new RawRecord.Broken(number, QuarantineReason.MALFORMED_JSON, detail, RawRecord.shortened(line));
    }

    private boolean startsWithByteOrderMark() {
        byte[] bytes = text.getBytes();
        return text.getLength() >= BYTE_ORDER_MARK
                && bytes[0] == (byte) 0xef
                && bytes[1] == (byte) 0xbb
                && bytes[2] == (byte) 0xbf;
    }

    private String decodedLeniently(int length) {
        return new String(text.getBytes(), 0, Math.min(length, text.getLength()), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
