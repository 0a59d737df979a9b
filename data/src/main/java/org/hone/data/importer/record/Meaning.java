package org.hone.data.importer.record;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.hone.data.importer.Imported;
import org.hone.data.importer.QuarantineReason;

/** What a record means, where a defect of the whole record may be thrown. */
@FunctionalInterface
public interface Meaning {
    /**
     * Reads a record.
     *
     * @param record the record
     * @param source the name of the data set
     * @return what it became
     * @throws Refusal if nothing can be made of it
     */
    List<Imported> of(Field record, String source) throws Refusal;

    /**
     * Reads a record; a refusal, or nothing at all, is an outcome like any other.
     *
     * @param record the record
     * @param source the name of the data set
     * @return at least one outcome
     */
    default List<Imported> outcomes(JsonNode record, String source) {
        try {
            List<Imported> outcomes = of(Field.of(record), source);
            return outcomes.isEmpty()
                    ? List.of(new Imported.Refused(
                            QuarantineReason.NOTHING_TO_COMPARE, "the record holds nothing to compare"))
                    : outcomes;
        } catch (Refusal refusal) {
            return List.of(refusal.refused());
        }
    }
}
