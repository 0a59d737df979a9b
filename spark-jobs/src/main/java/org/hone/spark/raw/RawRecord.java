package org.hone.spark.raw;

import com.fasterxml.jackson.databind.JsonNode;
import org.hone.data.importer.QuarantineReason;
import org.jspecify.annotations.Nullable;

/** A record of a raw file, or what stands in its place. */
public sealed interface RawRecord {
    /** How much of a refused record is kept, in characters. */
    int LONGEST_RAW = 4096;

    /**
     * Its number in the file, from 1: the line of JSON lines, the element of a JSON list, the row of a table.
     *
     * @return the number
     */
    long number();

    /**
     * What is kept of it in quarantine.
     *
     * @return its text; of a long one the beginning and the length
     */
    String raw();

    /**
     * A record that could be parsed.
     *
     * @param number its number in the file
     * @param value an object, as the file has it
     * @param text its text in the file, null where only the value is left of it
     */
    record Parsed(long number, JsonNode value, @Nullable String text) implements RawRecord {
        @Override
        public String raw() {
            return shortened(text == null ? value.toString() : text);
        }
    }

    /**
     * A record that could not be parsed.
     *
     * @param number its number in the file
     * @param reason why
     * @param detail what was found
     * @param raw its beginning
     */
    record Broken(long number, QuarantineReason reason, String detail, String raw) implements RawRecord {}

    /**
     * Cuts a long text.
     *
     * @param text the text
     * @return the text, or its first {@value #LONGEST_RAW} characters and its length
     */
    static String shortened(String text) {
        if (text.length() <= LONGEST_RAW) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(LONGEST_RAW - 1)) ? LONGEST_RAW - 1 : LONGEST_RAW;
        return text.substring(0, end) + "… (" + text.length() + " characters in all)";
    }
}
