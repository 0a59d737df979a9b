package org.hone.spark.tokenise;

import java.io.Serializable;
import java.util.Iterator;
import java.util.Set;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.preference.PreferencePair;
import org.hone.data.template.ExampleEncoder;
import org.hone.spark.table.Columns;

/**
 * Preferences → {@link org.hone.spark.table.TokenTables#PROMPTS}; a prompt that stands in several
 * comparisons comes out several times, with one id.
 *
 * @param encoding the run's encoding
 * @param split the run's split
 * @param responseTokens room that a response needs
 * @param safetySources sources whose comparisons are about safety
 */
public record TokenisePrompts(Encoding encoding, Split split, int responseTokens, Set<String> safetySources)
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
                    safetySources.contains(row.<String>getAs("source")),
                    split.isHeldOut(prompt));
        });
    }
}
