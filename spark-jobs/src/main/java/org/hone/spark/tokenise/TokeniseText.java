package org.hone.spark.tokenise;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.hone.data.packing.DocumentPieces;
import org.hone.data.packing.PackedExample;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.spark.table.Columns;

/**
 * Documents to pretrain on ({@link org.hone.spark.table.DataTables#DOCUMENTS}) →
 * {@link org.hone.spark.table.TokenTables#EXAMPLES}, to be packed: nothing is dropped, a long document becomes several
 * pieces.
 *
 * @param encoding the run's encoding; documents have no template
 */
public record TokeniseText(Encoding encoding) implements MapPartitionsFunction<Row, Row>, Serializable {
    @Override
    public Iterator<Row> call(Iterator<Row> documents) {
        Tokenizer tokenizer = encoding.openTokenizer();
        return Rows.flatMap(documents, document -> pieces(tokenizer, document));
    }

    private List<Row> pieces(Tokenizer tokenizer, Row document) {
        int[] text = tokenizer.encode(document.getAs("text"));
        return DocumentPieces.split(
                        document.getAs("id"), text, tokenizer.bosId(), tokenizer.eosId(), encoding.maxLength())
                .stream()
                .map(TokeniseText::row)
                .toList();
    }

    private static Row row(PackedExample piece) {
        return RowFactory.create(
                piece.id(), Columns.boxed(piece.prompt()), Columns.boxed(piece.response()), piece.droppedTokens());
    }
}
