package org.hone.data.importer.hh;

import org.hone.data.importer.QuarantineReason;
import org.hone.data.preference.PreferencePair;

/** What a line of a preference file became. */
public sealed interface ImportedLine {
    /**
     * A comparison.
     *
     * @param pair the comparison
     */
    record Pair(PreferencePair pair) implements ImportedLine {}

    /**
     * A line that is kept aside, with the reason.
     *
     * @param reason why, for counting
     * @param detail what was found in this very line
     * @param raw the line; of a long one its beginning and its length
     */
    record Quarantined(QuarantineReason reason, String detail, String raw) implements ImportedLine {}

    /**
     * Reads a line of HH-RLHF.
     *
     * @param line the line, without its line feed
     * @param source the name of the data set, which becomes part of the pair's id
     * @return a comparison, or the reason why not
     */
    static ImportedLine parse(String line, String source) {
        return HelpfulHarmlessLine.parse(line, source);
    }

    /**
     * Reads a line of HH-RLHF as it lies in the file, so that bytes that are not UTF-8 are noticed.
     *
     * @param line the line's bytes, without the line feed
     * @param source the name of the data set, which becomes part of the pair's id
     * @return a comparison, or the reason why not
     */
    static ImportedLine parse(byte[] line, String source) {
        return HelpfulHarmlessLine.parse(line, source);
    }
}
