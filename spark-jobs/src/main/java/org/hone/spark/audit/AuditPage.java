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
            head(rows, source.source(), source.table());
            cell(rows, number(source.rows()));
            cell(rows, number(source.tokens()));
            cell(rows, percent(source.trained(), source.tokens()));
            cell(
                    rows,
                    number(source.truncated()) + "<small>" + percent(source.truncated(), source.rows()) + "</small>");
            rows.append("</tr>\n");
        }
        return rows.toString();
    }

    /** Broken rules with where; then, folded, those that no row breaks, so that it can be seen what was looked for. */
    private static String rules(AuditReport report) {
        StringBuilder broken = new StringBuilder();
        StringBuilder kept = new StringBuilder();
        int count = 0;
        for (Rule rule : Rule.values()) {
            long rows = report.broken(rule);
            if (rows == 0) {
                count++;
                kept.append("<tr>");
                head(kept, rule.name(), rule.meaning());
                kept.append("</tr>\n");
            } else {
                broken.append(rule.severity() == Rule.Severity.FAILURE ? "<tr class=bad>" : "<tr class=warn>");
                head(broken, rule.name(), rule.meaning());
                cell(broken, number(rows));
                broken.append("<td class=text>").append(where(report, rule)).append("</td></tr>\n");
            }
        }
        return (broken.isEmpty()
                        ? ""
                        : "<div class=scroll><table><tr><th>Rule</th><th class=num>Rows</th><th>Where</th></tr>\n"
                                + broken + "</table></div>\n")
                + "<details><summary>" + count + " rules that every row keeps to</summary><table>" + kept
                + "</table></details>";
    }

    private static String where(AuditReport report, Rule rule) {
        List<String> where = new ArrayList<>();
        for (AuditReport.Counts source : report.counts()) {
            Long count = source.broken().get(rule);
            if (count != null) {
                where.add(escaped(source.table()) + ", " + escaped(source.source()) + ": " + number(count) + " ("
                        + percent(count, source.rows()) + ")");
            }
        }
        return String.join("<br>", where);
    }

    private static String violations(AuditReport report) {
        if (report.violations().isEmpty()) {
            return "<p>No row breaks a rule.</p>";
        }
        StringBuilder rows = new StringBuilder(
                "<div class=scroll><table><tr><th>Rule and row</th><th>Source</th><th>Part</th></tr>\n");
        for (AuditReport.Violation violation : report.violations()) {
            rows.append("<tr>");
            head(rows, violation.rule().name(), violation.id());
            head(rows, violation.source(), violation.table());
            head(rows, violation.part(), "");
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
                rows.append(rule.severity() == Rule.Severity.FAILURE ? " <mark>" : " <mark class=warn>")
                        .append(rule)
                        .append("</mark>");
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

    private static void head(StringBuilder out, String text, String below) {
        out.append("<th>")
                .append(escaped(text))
                .append("<small>")
                .append(escaped(below))
                .append("</small></th>");
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
