package org.hone.spark.audit;

import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.hone.data.audit.RowAudit;
import org.hone.data.audit.Rule;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.template.ChatTemplate;
import org.hone.data.template.EncodedExample;
import org.hone.data.template.EncodedPair;
import org.hone.data.template.ExampleEncoder;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.spark.table.Columns;
import org.hone.spark.tokenise.Encoding;

/**
 * A row as training will see it, with the rules that it breaks.
 *
 * @param part which of the rows that were made of a table's row
 * @param encoded its ids; of a prompt the response has none
 * @param broken the rules that it breaks
 */
record AuditedRow(String part, EncodedExample encoded, Set<Rule> broken) {
    boolean isTruncated() {
        return encoded.droppedPromptTokens() + encoded.droppedResponseTokens() > 0;
    }

    /** Makes the rows of one table's rows, through the very encoder that the shards are made with. */
    static final class Maker {
        private final AuditInput.Content content;
        private final int responseTokens;
        private final Tokenizer tokenizer;
        private final ChatTemplate template;
        private final ExampleEncoder encoder;
        private final RowAudit audit;

        Maker(Encoding encoding, AuditInput.Content content, int responseTokens) {
            this.content = content;
            this.responseTokens = responseTokens;
            this.tokenizer = encoding.openTokenizer();
            this.template = ChatTemplate.named(encoding.template());
            this.encoder = encoding.encoder();
            this.audit = new RowAudit(tokenizer, template, encoding.maxLength());
        }

        Tokenizer tokenizer() {
            return tokenizer;
        }

        List<AuditedRow> rows(Row row) {
            Dialogue prompt = Columns.dialogue(row, "prompt");
            return switch (content) {
                case PREFERENCES -> pair(prompt, row.getAs("chosen"), row.getAs("rejected"));
                case SFT -> List.of(audited("response", encoder.encode(prompt, text(row)), prompt, text(row)));
                case PROMPTS -> List.of(prompt(prompt));
            };
        }

        private static String text(Row row) {
            return row.getAs("response");
        }

        private List<AuditedRow> pair(Dialogue prompt, String chosen, String rejected) {
            EncodedPair pair = encoder.encode(prompt, chosen, rejected);
            return List.of(
                    audited("chosen", pair.chosen(), prompt, chosen),
                    audited("rejected", pair.rejected(), prompt, rejected));
        }

        private AuditedRow prompt(Dialogue prompt) {
            int whole = template.prompt(tokenizer, prompt).length;
            int[] ids = encoder.encodePrompt(prompt, responseTokens);
            EncodedExample encoded = new EncodedExample(ids, new int[0], whole - ids.length, 0);
            return new AuditedRow("prompt", encoded, audit.checkPrompt(ids, ids.length < whole, prompt));
        }

        private AuditedRow audited(String part, EncodedExample encoded, Dialogue prompt, String response) {
            return new AuditedRow(part, encoded, audit.check(encoded, prompt, response));
        }
    }

    int trained() {
        boolean[] mask = encoded.lossMask();
        int trained = 0;
        for (boolean learned : mask) {
            trained += learned ? 1 : 0;
        }
        return trained;
    }
}
