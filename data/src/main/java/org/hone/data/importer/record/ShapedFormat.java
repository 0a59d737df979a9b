package org.hone.data.importer.record;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.hone.data.importer.Format;
import org.hone.data.importer.Imported;

/** A format whose records are recognised by their fields. */
public interface ShapedFormat extends Format {
    /**
     * The fields that tell this format.
     *
     * @return the shape; of a set with several editions the usual one
     */
    Shape shape();

    /**
     * What a record means.
     *
     * @param record the record
     * @param source the name of the data set
     * @return what it became
     * @throws Refusal if nothing can be made of it
     */
    List<Imported> meaning(Field record, String source) throws Refusal;

    @Override
    default boolean recognises(JsonNode record) {
        return shape().matches(record);
    }

    @Override
    default List<Imported> read(JsonNode record, String source) {
        Meaning meaning = this::meaning;
        return meaning.outcomes(record, source);
    }
}
