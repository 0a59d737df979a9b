package org.hone.spark.raw;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;
import org.hone.data.importer.QuarantineReason;
import org.jspecify.annotations.Nullable;

/** Rows of a CSV file with a header, as objects with a string a column. */
final class CsvRecords implements Records {
    private final CSVParser parser;
    private final List<String> header;
    private final Iterator<CSVRecord> rows;

    CsvRecords(Reader reader) throws IOException {
        try {
            this.parser = CSVFormat.RFC4180
                    .builder()
                    .setHeader()
                    .setSkipHeaderRecord(true)
                    .setDuplicateHeaderMode(DuplicateHeaderMode.DISALLOW)
                    .get()
                    .parse(reader);
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new IOException("the header is no list of distinct names: " + e.getMessage(), e);
        }
        this.header = parser.getHeaderNames();
        this.rows = parser.iterator();
    }

    @Override
    public @Nullable RawRecord next() throws IOException {
        try {
            return rows.hasNext() ? record(rows.next()) : null;
        } catch (UncheckedIOException | IllegalStateException e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        }
    }

    private RawRecord record(CSVRecord row) {
        long number = row.getRecordNumber();
        if (row.size() != header.size()) {
            return new RawRecord.Broken(
                    number,
                    QuarantineReason.MALFORMED_ROW,
                    "the row has " + row.size() + " fields, the header " + header.size(),
                    RawRecord.shortened(String.join(",", row.toList())));
        }
        ObjectNode value = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < header.size(); i++) {
            value.put(header.get(i), row.get(i));
        }
        return new RawRecord.Parsed(number, value, null);
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
