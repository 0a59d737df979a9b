package org.hone.spark.report;

import java.util.List;
import org.apache.spark.sql.Row;
import org.hone.data.audit.TokenSpan;
import org.hone.data.template.EncodedExample;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.spark.table.Columns;

/** Token rows as text in which the tokens that the loss counts are marked. */
final class MaskedRows {
    private static final String PARAGRAPH = "<p style=\"white-space:pre-wrap;text-align:left\" title=\"%s\">";
    private static final String READ = "<span style=\"color:#5c6670\" title=\"%s\">%s</span>";
    private static final String TRAINED =
            "<mark style=\"background:#c9ecd1;color:#0b3d1e;border-left:1px solid #6fbf85\" title=\"%s\">%s</mark>";

    private MaskedRows() {}

    static String html(Tokenizer tokenizer, List<Row> examples) {
        StringBuilder html = new StringBuilder();
        for (Row row : examples) {
            EncodedExample example =
                    new EncodedExample(Columns.tokens(row, "prompt"), Columns.tokens(row, "response"), 0, 0);
            html.append(PARAGRAPH.formatted(Cells.escaped(row.getAs("id"))));
            for (TokenSpan span : TokenSpan.of(tokenizer, example.ids(), example.lossMask())) {
                String element = span.kind().isTrained() ? TRAINED : READ;
                html.append(element.formatted(Cells.escaped(span.pieces()), Cells.escaped(span.text())));
            }
            html.append("</p>\n");
        }
        return html.toString();
    }
}
