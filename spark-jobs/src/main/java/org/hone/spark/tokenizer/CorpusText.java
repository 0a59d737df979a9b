package org.hone.spark.tokenizer;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.hone.data.importer.QuarantineReason;
import org.hone.spark.raw.RawRecord;
import org.jspecify.annotations.Nullable;

/**
 * The text of one row, or why it has none.
 *
 * @param outcome what the row is
 * @param text its text; empty unless it is used
 * @param detail what is wrong with the rest of a damaged file, else empty
 */
record CorpusText(RowOutcome outcome, String text, String detail) {
    /**
     * A row of a table.
     *
     * @param bytes the row's text, null where it has none
     */
    static CorpusText of(byte @Nullable [] bytes) {
        if (bytes == null) {
            return without(RowOutcome.NO_TEXT);
        }
        try {
            String line = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return used(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
        } catch (CharacterCodingException e) {
            return without(RowOutcome.INVALID_UTF8);
        }
    }

    /**
     * A record of a file.
     *
     * @param record the record
     * @param place the field or column that holds the text, or a JSON pointer such as {@code /messages/0/content}
     */
    static CorpusText of(RawRecord record, String place) {
        if (record instanceof RawRecord.Broken broken) {
            boolean isBlank = broken.reason() == QuarantineReason.MALFORMED_JSON
                    && broken.raw().isBlank();
            return without(isBlank ? RowOutcome.EMPTY : outcome(broken.reason()));
        }
        JsonNode row = ((RawRecord.Parsed) record).value();
        JsonNode value = place.startsWith("/") ? row.at(JsonPointer.compile(place)) : row.path(place);
        if (!value.isTextual()) {
            return without(RowOutcome.NO_TEXT);
        }
        String text = value.textValue();
        return StandardCharsets.UTF_8.newEncoder().canEncode(text) ? used(text) : without(RowOutcome.INVALID_UTF8);
    }

    /** The rest of a file that cannot be read. */
    static CorpusText unreadable(String detail) {
        return new CorpusText(RowOutcome.UNREADABLE, "", detail);
    }

    private static RowOutcome outcome(QuarantineReason reason) {
        return switch (reason) {
            case INVALID_UNICODE -> RowOutcome.INVALID_UTF8;
            case MALFORMED_JSON -> RowOutcome.INVALID_JSON;
            case MALFORMED_ROW -> RowOutcome.MALFORMED_ROW;
            case TOO_LONG -> RowOutcome.TOO_LONG;
            case UNREADABLE_FILE -> RowOutcome.UNREADABLE;
            case MISSING_FIELD,
                    WRONG_TYPE,
                    NOT_A_DIALOGUE,
                    DIFFERING_CONTEXTS,
                    IDENTICAL_RESPONSES,
                    EMPTY_RESPONSE,
                    EMPTY_TURN,
                    NOTHING_TO_COMPARE,
                    WITHDRAWN,
                    UNKNOWN_VALUE,
                    DUPLICATE -> throw new IllegalStateException(reason + " is said of rows, not of records");
        };
    }

    private static CorpusText used(String text) {
        return new CorpusText(text.isEmpty() ? RowOutcome.EMPTY : RowOutcome.USED, text, "");
    }

    private static CorpusText without(RowOutcome outcome) {
        return new CorpusText(outcome, "", "");
    }
}
