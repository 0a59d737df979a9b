package org.hone.spark.tokenise;

import java.io.Serializable;
import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.hone.data.template.EncodedExample;
import org.hone.data.template.ExampleEncoder;
import org.hone.spark.table.Columns;

/**
 * Rows with {@code id}, {@code prompt} and {@code response} → {@link org.hone.spark.table.TokenTables#EXAMPLES}.
 *
 * @param encoding the run's encoding
 */
public record TokeniseExamples(Encoding encoding) implements MapPartitionsFunction<Row, Row>, Serializable {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        ExampleEncoder encoder = encoding.encoder();
        return Rows.map(rows, row -> {
            EncodedExample encoded = encoder.encode(Columns.dialogue(row, "prompt"), row.getAs("response"));
            return RowFactory.create(
                    row.getAs("id"),
                    Columns.boxed(encoded.prompt()),
                    Columns.boxed(encoded.response()),
                    encoded.droppedPromptTokens() + encoded.droppedResponseTokens());
        });
    }
}
