package org.hone.spark.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.text.StringEscapeUtils;
import org.apache.commons.text.StringSubstitutor;
import org.hone.data.audit.Rule;
import org.hone.data.audit.TokenSpan;

/** An audit's report as one HTML file that opens from disk: no script, nothing fetched, every text escaped. */
public final class AuditPage {
    /** The file's usual name. */
    public static final String NAME = "audit.html";

    private AuditPage() {}

    /**
     * Writes the page.
     *
     * @param report the report
     * @return the page's text, to be stored in UTF-8
     */
    public static String html(AuditReport report) {
        Map<String, String> values = Map.of(
                "class", report.passed() ? "passed" : "failed",
                "verdict", report.passed() ? "Audit passed" : "Audit failed",
                "failures", failures(report),
                "counts", counts(report),
                "rules", rules(report),
                "violations", violations(report),
                "previews", previews(report),
                "encoding", encoding(report));
        StringSubstitutor page = new StringSubstitutor(values, "{{", "}}");
        page.setDisableSubstitutionInValues(true);
        return page.replace(template());
    }

    private static String template() {
        try (var in = AuditPage.class.getResourceAsStream("audit.html")) {
            if (in == null) {
                throw new IllegalStateException("audit.html is not in the jar; build it again");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("audit.html cannot be read from the jar", e);
        }
    }

    private static String failures(AuditReport report) {
        StringBuilder list = new StringBuilder();
        report.failures()
                .forEach(failure -> list.append("<li>").append(escaped(failure)).append("</li>\n"));
        return list.isEmpty() ? "" : "<ul>" + list + "</ul>";
    }

    private static String counts(AuditReport report) {
        StringBuilder rows = new StringBuilder();
        for (AuditReport.Counts source : report.counts()) {
            boolean tooMany = source.truncatedShare() > report.settings().maxTruncatedShare();
            rows.append(tooMany ? "<tr class=bad>" : "<tr>");
            head(rows, source.table());
            head(rows, source.source());
            cell(rows, number(source.rows()));
            cell(rows, number(source.tokens()));
            cell(rows, percent(source.trained(), source.tokens()));
            cell(rows, number(source.truncated()));
            cell(rows, percent(source.truncated(), source.rows()));
            rows.append("</tr>\n");
        }
        return rows.toString();
    }

    /** A line for each rule, so that it can be seen what was looked for; a column for each source where one is broken. */
    private static String rules(AuditReport report) {
        StringBuilder rows = new StringBuilder();
        for (Rule rule : Rule.values()) {
            long broken = report.broken(rule);
            String kind = broken == 0 ? "ok" : rule.severity() == Rule.Severity.FAILURE ? "bad" : "warn";
            rows.append("<tr class=").append(kind).append('>');
            head(rows, rule.name());
            rows.append("<td class=text>").append(escaped(rule.meaning())).append("</td>");
            cell(rows, broken == 0 ? "0" : number(broken));
            List<String> where = new ArrayList<>();
            for (AuditReport.Counts source : report.counts()) {
                Long count = source.broken().get(rule);
                if (count != null) {
                    where.add(escaped(source.table()) + ", " + escaped(source.source()) + ": " + number(count) + " ("
                            + percent(count, source.rows()) + ")");
                }
            }
            rows.append("<td class=text>").append(String.join("<br>", where)).append("</td></tr>\n");
        }
        return rows.toString();
    }

    private static String violations(AuditReport report) {
        if (report.violations().isEmpty()) {
            return "<p>No row breaks a rule.</p>";
        }
        StringBuilder rows = new StringBuilder("<div class=scroll><table><tr><th>Rule</th><th>Table</th>"
                + "<th>Source</th><th>Row</th><th>Part</th></tr>\n");
        for (AuditReport.Violation violation : report.violations()) {
            rows.append("<tr>");
            head(rows, violation.rule().name());
            head(rows, violation.table());
            head(rows, violation.source());
            rows.append("<td class=id>").append(escaped(violation.id())).append("</td>");
            head(rows, violation.part());
            rows.append("</tr>\n");
        }
        return rows.append("</table></div>").toString();
    }

    private static String previews(AuditReport report) {
        StringBuilder rows = new StringBuilder();
        for (AuditReport.Preview preview : report.previews()) {
            rows.append("<article><header><b>")
                    .append(escaped(preview.source()))
                    .append("</b> ")
                    .append(escaped(preview.part()))
                    .append(" <span class=id>")
                    .append(escaped(preview.table()))
                    .append(" · ")
                    .append(escaped(preview.id()))
                    .append("</span> ")
                    .append(number(preview.tokens()))
                    .append(" tokens");
            for (Rule rule : preview.broken()) {
                rows.append(" <mark>").append(rule).append("</mark>");
            }
            rows.append("</header><div class=row>");
            row(rows, preview);
            rows.append("</div></article>\n");
        }
        return rows.isEmpty() ? "<p>No row is shown.</p>" : rows.toString();
    }

    private static void row(StringBuilder out, AuditReport.Preview preview) {
        List<TokenSpan> head = preview.head();
        int start = 0;
        if (preview.droppedPromptTokens() > 0 && !head.isEmpty()) {
            spans(out, head.subList(0, 1));
            cut(out, preview.droppedPromptTokens(), "tokens of the prompt truncated");
            start = 1;
        }
        spans(out, head.subList(start, head.size()));
        if (preview.omitted() > 0) {
            cut(out, preview.omitted(), "tokens not shown");
            spans(out, preview.tail());
        }
        if (preview.droppedResponseTokens() > 0) {
            cut(out, preview.droppedResponseTokens(), "tokens of the response truncated");
        }
    }

    private static void cut(StringBuilder out, int count, String what) {
        out.append("<em>… ").append(number(count)).append(' ').append(what).append("</em>");
    }

    private static void spans(StringBuilder out, List<TokenSpan> spans) {
        for (TokenSpan span : spans) {
            String kind = switch (span.kind()) {
                case PROMPT -> "p";
                case TRAINED -> "t";
                case PROMPT_CONTROL -> "p c";
                case TRAINED_CONTROL -> "t c";
            };
            out.append("<i class=\"")
                    .append(kind)
                    .append("\" title=\"")
                    .append(escaped(span.pieces()))
                    .append("\">")
                    .append(escaped(span.text()))
                    .append("</i>");
        }
    }

    private static String encoding(AuditReport report) {
        return escaped(String.format(
                Locale.ROOT,
                "Template %s (%s), rows of at most %,d tokens, tokenizer SHA-256 %s; at most %.2f %% of a source's rows"
                        + " may be truncated.",
                report.encoding().template(),
                report.encoding().templateHash(),
                report.encoding().maxLength(),
                report.encoding().tokenizerSha256(),
                100 * report.settings().maxTruncatedShare()));
    }

    private static void head(StringBuilder out, String text) {
        out.append("<th>").append(escaped(text)).append("</th>");
    }

    private static void cell(StringBuilder out, String text) {
        out.append("<td>").append(text).append("</td>");
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String percent(long part, long whole) {
        return whole == 0 ? "–" : String.format(Locale.ROOT, "%.2f %%", 100.0 * part / whole);
    }

    private static String escaped(String text) {
        return StringEscapeUtils.escapeHtml4(Visible.of(text))
                .replace("'", "&#39;")
                .replace("{", "&#123;");
    }
}
