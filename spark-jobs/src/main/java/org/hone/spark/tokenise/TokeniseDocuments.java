package org.hone.spark.tokenise;

import java.io.Serializable;
import java.util.Collections;
import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.hone.data.packing.DocumentPieces;
import org.hone.data.packing.PackedExample;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.spark.table.Columns;
import org.hone.spark.table.TokenTables;

/**
 * Documents → {@link TokenTables#EXAMPLES}, of which BOS is the prompt and the text the response; a long document
 * becomes several.
 *
 * @param encoding how text becomes tokens
 */
public record TokeniseDocuments(Encoding encoding) implements MapPartitionsFunction<Row, Row>, Serializable {
    @Override
    public Iterator<Row> call(Iterator<Row> documents) {
        Tokenizer tokenizer = encoding.openTokenizer();
        return new Iterator<>() {
            private Iterator<PackedExample> pieces = Collections.emptyIterator();

            @Override
            public boolean hasNext() {
                while (!pieces.hasNext() && documents.hasNext()) {
                    Row document = documents.next();
                    pieces = DocumentPieces.split(
                                    document.getAs("id"),
                                    tokenizer.encode(document.getAs("text")),
                                    tokenizer.bosId(),
                                    tokenizer.eosId(),
                                    encoding.maxLength())
                            .iterator();
                }
                return pieces.hasNext();
            }

            @Override
            public Row next() {
                if (!hasNext()) {
                    throw new java.util.NoSuchElementException("there is no further document");
                }
                PackedExample piece = pieces.next();
                return RowFactory.create(piece.id(), Columns.boxed(piece.prompt()), Columns.boxed(piece.response()), 0);
            }
        };
    }
}
