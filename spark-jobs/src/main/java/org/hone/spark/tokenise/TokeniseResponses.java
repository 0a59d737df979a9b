package org.hone.spark.tokenise;

import java.io.Serializable;
import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.template.EncodedExample;
import org.hone.data.template.ExampleEncoder;
import org.hone.spark.table.Columns;

/**
 * Rows with {@code id}, {@code prompt}, {@code text} and {@code finished} → {@link org.hone.spark.table.TokenTables#EXAMPLES}: what
 * one policy said, by its text, in the tokens of another. A response that had not finished has no EOS.
 *
 * @param encoding the encoding of the policy that learns
 */
public record TokeniseResponses(Encoding encoding) implements MapPartitionsFunction<Row, Row>, Serializable {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        ExampleEncoder encoder = encoding.encoder();
        return Rows.map(rows, row -> {
            Dialogue prompt = Columns.dialogue(row, "prompt");
            String text = row.getAs("text");
            EncodedExample encoded = row.<Boolean>getAs("finished")
                    ? encoder.encode(prompt, text)
                    : encoder.encodeUnfinished(prompt, text);
            return RowFactory.create(
                    row.getAs("id"),
                    Columns.boxed(encoded.prompt()),
                    Columns.boxed(encoded.response()),
                    encoded.droppedPromptTokens() + encoded.droppedResponseTokens());
        });
    }
}
