package org.hone.spark.raw;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/** Elements of a JSON list, or JSON objects one after the other. */
final class JsonRecords implements Records {
    private final JsonParser parser;
    private boolean inList;
    private boolean begun;
    private long number;

    JsonRecords(Reader reader) throws IOException {
        this.parser = RecordJson.SEQUENCE.createParser(reader);
    }

    @Override
    public @Nullable RawRecord next() throws IOException {
        JsonToken token = parser.nextToken();
        if (!begun) {
            begun = true;
            inList = token == JsonToken.START_ARRAY;
            token = inList ? parser.nextToken() : token;
        }
        if (token == null && inList) {
            throw new IOException("the list has no end: the file is cut off behind record " + number);
        }
        if (token == JsonToken.END_ARRAY) {
            token = parser.nextToken();
            inList = false;
        }
        if (token == null) {
            return null;
        }
        JsonNode value = RecordJson.SEQUENCE.readTree(parser);
        number++;
        return new RawRecord.Parsed(number, value, null);
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
