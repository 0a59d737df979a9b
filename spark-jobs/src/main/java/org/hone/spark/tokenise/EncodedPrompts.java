package org.hone.spark.tokenise;

import java.io.Serializable;
import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.preference.PreferencePair;
import org.hone.data.template.ExampleEncoder;
import org.hone.spark.table.Columns;

/**
 * {@link org.hone.spark.table.DataTables#ANY_PROMPTS Prompts of any table} → {@link org.hone.spark.table.TokenTables#PROMPTS}. A prompt has the id that it has in a round.
 *
 * @param encoding how the policy reads dialogues
 * @param responseTokens room that a response needs
 */
public record EncodedPrompts(Encoding encoding, int responseTokens)
        implements MapPartitionsFunction<Row, Row>, Serializable {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        ExampleEncoder encoder = encoding.encoder();
        return Rows.map(rows, row -> {
            Dialogue prompt = Columns.dialogue(row, "prompt");
            return RowFactory.create(
                    PreferencePair.idOf("prompt", prompt, "", ""),
                    Columns.turns(prompt),
                    Columns.boxed(encoder.encodePrompt(prompt, responseTokens)),
                    Boolean.TRUE.equals(row.getAs("unsafe")),
                    false);
        });
    }
}
