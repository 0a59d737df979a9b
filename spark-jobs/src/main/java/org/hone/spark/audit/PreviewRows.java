package org.hone.spark.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.hone.data.audit.TokenSpan;
import org.hone.data.template.EncodedExample;
import org.hone.spark.tokenise.Encoding;

/**
 * Decodes the few rows that are shown, as JSON of {@link AuditReport.Preview}.
 *
 * @param encoding how rows are made
 * @param table the table's name
 * @param content what its rows are
 * @param responseTokens room that a prompt must leave for a response
 * @param wanted {@link #key} of the rows to show
 */
record PreviewRows(Encoding encoding, String table, AuditInput.Content content, int responseTokens, Set<String> wanted)
        implements MapPartitionsFunction<Row, String>, Serializable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Longer rows are shown without their middle: the border to the response is near the end. */
    private static final int HEAD = 400;

    private static final int TAIL = 800;

    static String key(String id, String part) {
        return id + "/" + part;
    }

    static AuditReport.Preview parse(String json) {
        try {
            return JSON.readValue(json, AuditReport.Preview.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a preview that was just written cannot be read", e);
        }
    }

    @Override
    public Iterator<String> call(Iterator<Row> rows) throws JsonProcessingException {
        AuditedRow.Maker maker = new AuditedRow.Maker(encoding, content, responseTokens);
        List<String> previews = new ArrayList<>();
        while (rows.hasNext()) {
            Row row = rows.next();
            for (AuditedRow made : maker.rows(row)) {
                if (wanted.contains(key(row.getAs("id"), made.part()))) {
                    previews.add(JSON.writeValueAsString(preview(maker, row, made)));
                }
            }
        }
        return previews.iterator();
    }

    private AuditReport.Preview preview(AuditedRow.Maker maker, Row row, AuditedRow made) {
        EncodedExample encoded = made.encoded();
        List<TokenSpan> spans = TokenSpan.of(maker.tokenizer(), encoded.ids(), encoded.lossMask());
        int omitted = Math.max(0, spans.size() - HEAD - TAIL);
        int head = omitted == 0 ? spans.size() : HEAD;
        return new AuditReport.Preview(
                table,
                row.getAs("source"),
                row.getAs("id"),
                made.part(),
                encoded.length(),
                encoded.droppedPromptTokens(),
                encoded.droppedResponseTokens(),
                List.copyOf(made.broken()),
                spans.subList(0, head),
                omitted,
                spans.subList(head + omitted, spans.size()));
    }
}
