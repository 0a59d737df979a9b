package org.hone.data.importer;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Serializable;
import java.util.List;

/**
 * What the records of a published data set mean. A record is a JSON object; a row of a CSV or Parquet file is one too,
 * with a field a column (CSV: every field a string). Stateless.
 */
public interface Format extends Serializable {
    /**
     * The name on the command line and in a recipe.
     *
     * @return lower case with dashes
     */
    String name();

    /**
     * What tells it from a format of the same name that reads the same record otherwise.
     *
     * @return the name, with the mapping where the user gave one
     */
    default String identity() {
        return name();
    }

    /**
     * Whether a record has the fields that this format, and no other, has.
     *
     * @param record a record of the file
     * @return whether it looks like this format
     */
    boolean recognises(JsonNode record);

    /**
     * What a record becomes. Never throws for what a file may hold.
     *
     * @param record the record
     * @param source the name of the data set, which becomes part of every id
     * @return at least one outcome, in an order that depends on the record alone
     */
    List<Imported> read(JsonNode record, String source);

    /**
     * Compares graded responses to one prompt.
     *
     * @param responses all {@link Imported.Graded} of one group, in the order of file and record
     * @param source the name of the data set
     * @return as many entries as responses were given: what each one became, where a response that takes part in
     *     several pairs lists them all, and one that takes part in none lists a refusal; a pair stands once, at the
     *     earlier of its two responses
     */
    default List<List<Imported>> compare(List<Imported.Graded> responses, String source) {
        throw new UnsupportedOperationException(name() + " has no graded responses");
    }
}
