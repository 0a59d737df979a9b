package org.hone.spark.importer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.hone.data.importer.Format;
import org.hone.data.importer.Imported;
import org.hone.data.importer.QuarantineReason;

/** Stands for a file whose beginning holds no record that can be parsed, in a source that has no other file. */
record UndetectedFormat() implements Format {
    @Override
    public String name() {
        return "undetected";
    }

    @Override
    public boolean recognises(JsonNode record) {
        return false;
    }

    @Override
    public List<Imported> read(JsonNode record, String source) {
        return List.of(new Imported.Refused(
                QuarantineReason.UNKNOWN_VALUE,
                "nothing at the file's beginning told its format; say it with --format or format: in the recipe"));
    }
}
