package org.hone.spark.curation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * What models are evaluated with, and so may not be trained on.
 *
 * @param name its name, for the table of removed rows
 * @param texts its texts, in the first column
 */
public record EvaluationSet(String name, Dataset<Row> texts) {
    private static final List<String> RESPONSES = List.of("chosen", "rejected", "response", "text");

    /**
     * An evaluation set from a table of texts or from one of Hone's tables.
     *
     * @param name its name
     * @param rows rows with any of {@code text}, {@code prompt}, {@code chosen}, {@code rejected} and {@code response};
     *     every turn of the prompt and every response is a text
     * @return the set
     */
    public static EvaluationSet of(String name, Dataset<Row> rows) {
        List<String> columns = Arrays.asList(rows.columns());
        List<Column> arrays = new ArrayList<>();
        if (columns.contains("prompt")) {
            arrays.add(functions.col("prompt.text"));
        }
        for (String response : RESPONSES) {
            if (columns.contains(response)) {
                arrays.add(functions.array(functions.col(response)));
            }
        }
        if (arrays.isEmpty()) {
            throw new IllegalArgumentException("evaluation set " + name + ": has columns " + columns
                    + ", none of prompt, chosen, rejected, response and text; name the column of its texts text");
        }
        Column all = functions.explode(functions.concat(arrays.toArray(Column[]::new)));
        return new EvaluationSet(name, rows.select(all.as("text")).filter("text is not null"));
    }
}
