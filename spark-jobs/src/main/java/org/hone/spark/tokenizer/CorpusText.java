package org.hone.spark.tokenizer;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The text of one row, or why it has none.
 *
 * @param outcome what the row is
 * @param text its text; empty unless it is used
 */
record CorpusText(RowOutcome outcome, String text) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Reads a row.
     *
     * @param bytes the row as it stands in its file, null where a column has none
     * @param field the JSON field that holds the text, or a JSON pointer such as {@code /messages/0/content}; null when
     *     the row is the text
     */
    static CorpusText of(byte @Nullable [] bytes, @Nullable String field) {
        if (bytes == null) {
            return without(RowOutcome.NO_TEXT);
        }
        String line;
        try {
            line = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return without(RowOutcome.INVALID_UTF8);
        }
        if (field == null) {
            return used(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
        }
        return line.isBlank() ? without(RowOutcome.EMPTY) : ofJson(line, field);
    }

    private static CorpusText ofJson(String line, String field) {
        try {
            JsonNode row = JSON.readTree(line);
            JsonNode value = field.startsWith("/") ? row.at(JsonPointer.compile(field)) : row.path(field);
            return value.isTextual() ? used(value.textValue()) : without(RowOutcome.NO_TEXT);
        } catch (IOException e) {
            return without(RowOutcome.INVALID_JSON);
        }
    }

    private static CorpusText used(String text) {
        return new CorpusText(text.isEmpty() ? RowOutcome.EMPTY : RowOutcome.USED, text);
    }

    private static CorpusText without(RowOutcome outcome) {
        return new CorpusText(outcome, "");
    }
}
