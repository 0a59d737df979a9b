package org.hone.spark.tokenise;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.hone.data.template.ChatTemplate;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.model.sampling.FinishReason;
import org.hone.spark.table.Columns;

/**
 * {@link org.hone.spark.table.CandidateTable Candidates} → {@link org.hone.spark.table.TokenTables#EXAMPLES}. A response is learned
 * as it was sampled. One that a stop text ended is learned as its text, which is what was scored, and EOS: its tokens go on into
 * the stop text, and the policy would learn to write that.
 *
 * @param encoding the run's encoding
 */
public record SelectedExamples(Encoding encoding) implements MapPartitionsFunction<Row, Row>, Serializable {
    @Override
    public Iterator<Row> call(Iterator<Row> candidates) {
        Tokenizer tokenizer = encoding.openTokenizer();
        ChatTemplate template = ChatTemplate.named(encoding.template());
        return Rows.map(candidates, candidate -> {
            int[] prompt = Columns.tokens(candidate, "prompt_tokens");
            int[] response = Columns.tokens(candidate, "tokens");
            int dropped = 0;
            if (candidate.<String>getAs("finish_reason").equals(FinishReason.STOP.name())) {
                int[] whole = template.response(tokenizer, candidate.getAs("text"));
                // the text may be more tokens than it was drawn as
                response = Arrays.copyOf(whole, Math.min(whole.length, encoding.maxLength() - prompt.length));
                dropped = whole.length - response.length;
            }
            return RowFactory.create(candidate.getAs("id"), Columns.boxed(prompt), Columns.boxed(response), dropped);
        });
    }
}
