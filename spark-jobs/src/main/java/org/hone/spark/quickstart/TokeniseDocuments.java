package org.hone.spark.quickstart;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.spark.table.Columns;
import org.hone.spark.tokenise.Encoding;

/**
 * Documents → training rows: after BOS every token is learned, EOS included.
 *
 * @param encoding the run's encoding
 */
record TokeniseDocuments(Encoding encoding) implements MapPartitionsFunction<Row, Row>, Serializable {
    @Override
    public Iterator<Row> call(Iterator<Row> documents) {
        Tokenizer tokenizer = encoding.openTokenizer();
        List<Row> rows = new ArrayList<>();
        while (documents.hasNext()) {
            Row document = documents.next();
            int[] text = tokenizer.encode(document.getAs("text"));
            int kept = Math.min(text.length, encoding.maxLength() - 2);
            int[] trained = Arrays.copyOf(text, kept == text.length ? kept + 1 : kept);
            if (kept == text.length) {
                trained[kept] = tokenizer.eosId();
            }
            rows.add(RowFactory.create(
                    document.getAs("id"),
                    Columns.boxed(new int[] {tokenizer.bosId()}),
                    Columns.boxed(trained),
                    text.length - kept));
        }
        return rows.iterator();
    }
}
