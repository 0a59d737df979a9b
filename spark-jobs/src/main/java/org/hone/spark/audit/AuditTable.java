package org.hone.spark.audit;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.hone.spark.tokenise.Encoding;
import org.hone.spark.tokenise.Rows;

/**
 * A table's rows → {@link Verdicts}.
 *
 * @param encoding how rows are made
 * @param table the table's name
 * @param content what its rows are
 * @param responseTokens room that a prompt must leave for a response
 */
record AuditTable(Encoding encoding, String table, AuditInput.Content content, int responseTokens)
        implements MapPartitionsFunction<Row, Row>, Serializable {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        AuditedRow.Maker maker = new AuditedRow.Maker(encoding, content, responseTokens);
        return Rows.flatMap(rows, row -> verdicts(maker, row));
    }

    private List<Row> verdicts(AuditedRow.Maker maker, Row row) {
        return maker.rows(row).stream()
                .map(made -> new Verdicts.Subject(table, row.getAs("source"), row.getAs("id"), made.part())
                        .verdict(made.broken(), made.encoded().length(), made.trained(), made.isTruncated()))
                .toList();
    }
}
