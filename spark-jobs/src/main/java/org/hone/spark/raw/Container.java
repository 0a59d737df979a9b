package org.hone.spark.raw;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** How a file holds its records. */
public enum Container {
    /** One JSON object a line. */
    JSON_LINES,
    /** A JSON list of objects, or objects one after the other. */
    JSON,
    /** Comma-separated values with a header (RFC 4180); a quoted field may hold line feeds. */
    CSV,
    /** Apache Parquet. */
    PARQUET,
    /** Plain text: documents between lines of {@code <|endoftext|>}, or else between blank lines. */
    TEXT,
    /** Plain text, a record a line, the empty lines too. No file is told to be this: whoever wants lines says so. */
    TEXT_LINES;

    private static final String PARQUET_MAGIC = "PAR1";

    /**
     * What a file is, by its beginning where that is telling, else by its name.
     *
     * @param name the file's name
     * @param head its first bytes, decompressed
     * @return the container
     */
    static Container of(String name, byte[] head) {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        String plain = name.toLowerCase(Locale.ROOT).replaceAll("\\.(gz|gzip|zst|zstd)$", "");
        if (text.startsWith(PARQUET_MAGIC) || plain.endsWith(".parquet")) {
            return PARQUET;
        }
        if (plain.endsWith(".csv")) {
            return CSV;
        }
        if (plain.endsWith(".jsonl") || plain.endsWith(".ndjson")) {
            return JSON_LINES;
        }
        String start = text.startsWith("\u00ef\u00bb\u00bf") ? text.substring(3) : text;
        start = start.stripLeading();
        if (start.startsWith("[")) {
            return JSON;
        }
        if (start.startsWith("{")) {
            // An object that ends with its line is one of many; one that goes on below stands alone.
            int line = start.indexOf('\n');
            String first = (line < 0 ? start : start.substring(0, line)).stripTrailing();
            boolean isOneOfMany = line >= 0 && first.endsWith("}");
            return isOneOfMany || !plain.endsWith(".json") ? JSON_LINES : JSON;
        }
        return plain.endsWith(".json") ? JSON_LINES : TEXT;
    }
}
