package org.hone.spark.audit;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.hone.data.audit.Rule;
import org.hone.data.audit.TokenSpan;
import picocli.CommandLine.Help.Ansi;

/** An audit's report for a terminal: prompts in blue, what is trained in green, control tokens on red. */
public final class AuditTerminal {
    private static final String PROMPT = "34";
    private static final String TRAINED = "32";
    private static final String CONTROL = "1;37;41";
    private static final String CUT = "30;43";
    private static final String RED = "1;31";
    private static final String GREEN = "1;32";
    private static final String BOLD = "1";

    private final PrintWriter out;
    private final boolean coloured;

    private AuditTerminal(PrintWriter out, boolean coloured) {
        this.out = out;
        this.coloured = coloured;
    }

    /**
     * Prints a report.
     *
     * @param out where to
     * @param report the report
     * @param ansi whether colours are wanted; without them trained text stands between {@code «} and {@code »}
     */
    public static void print(PrintWriter out, AuditReport report, Ansi ansi) {
        AuditTerminal terminal = new AuditTerminal(out, ansi.enabled());
        terminal.previews(report.previews());
        terminal.counts(report);
        terminal.rules(report);
        terminal.verdict(report);
        out.flush();
    }

    private void previews(List<AuditReport.Preview> previews) {
        if (!previews.isEmpty()) {
            out.println(style(PROMPT, "prompt") + "  " + style(TRAINED, coloured ? "trained" : "«trained»") + "  "
                    + style(CONTROL, coloured ? "control token" : "⟦control token⟧") + "  "
                    + style(CUT, "[… truncated]"));
        }
        for (AuditReport.Preview preview : previews) {
            out.println();
            out.println(style(
                    BOLD,
                    String.format(
                            Locale.ROOT,
                            "%s · %s · %s · %s · %d tokens",
                            Visible.of(preview.table()),
                            Visible.of(preview.source()),
                            Visible.of(preview.id()),
                            preview.part(),
                            preview.tokens())));
            if (!preview.broken().isEmpty()) {
                out.println(style(RED, "breaks " + preview.broken()));
            }
            out.println(row(preview));
        }
    }

    private String row(AuditReport.Preview preview) {
        StringBuilder line = new StringBuilder();
        List<TokenSpan> head = preview.head();
        int start = 0;
        if (preview.droppedPromptTokens() > 0 && !head.isEmpty()) {
            spans(line, head.subList(0, 1));
            line.append(cut(preview.droppedPromptTokens(), "tokens of the prompt truncated"));
            start = 1;
        }
        spans(line, head.subList(start, head.size()));
        if (preview.omitted() > 0) {
            line.append(cut(preview.omitted(), "tokens not shown"));
            spans(line, preview.tail());
        }
        if (preview.droppedResponseTokens() > 0) {
            line.append(cut(preview.droppedResponseTokens(), "tokens of the response truncated"));
        }
        return line.toString();
    }

    private String cut(int count, String what) {
        return style(CUT, "[… " + count + " " + what + "]");
    }

    /** Runs of one kind are coloured as one. */
    private void spans(StringBuilder line, List<TokenSpan> spans) {
        for (int i = 0; i < spans.size(); ) {
            TokenSpan.Kind kind = spans.get(i).kind();
            StringBuilder run = new StringBuilder();
            int end = i;
            while (end < spans.size() && spans.get(end).kind() == kind) {
                run.append(spans.get(end).text());
                end++;
            }
            line.append(run(kind, Visible.of(run.toString())));
            i = end;
        }
    }

    private String run(TokenSpan.Kind kind, String text) {
        if (coloured) {
            String code = switch (kind) {
                case PROMPT -> PROMPT;
                case TRAINED -> TRAINED;
                case PROMPT_CONTROL, TRAINED_CONTROL -> CONTROL;
            };
            return style(code, text);
        }
        String shown = kind.isControl() ? "⟦" + text + "⟧" : text;
        return kind.isTrained() ? "«" + shown + "»" : shown;
    }

    private void counts(AuditReport report) {
        out.println();
        out.println(style(
                BOLD,
                String.format(
                        Locale.ROOT,
                        "%-36s %-24s %10s %13s %13s %18s",
                        "table",
                        "source",
                        "rows",
                        "tokens",
                        "trained",
                        "truncated")));
        for (AuditReport.Counts source : report.counts()) {
            boolean tooMany = source.truncatedShare() > report.settings().maxTruncatedShare();
            String line = String.format(
                    Locale.ROOT,
                    "%-36s %-24s %,10d %,13d %,13d %,8d %8.2f %%",
                    Visible.of(end(source.table(), 36)),
                    Visible.of(end(source.source(), 24)),
                    source.rows(),
                    source.tokens(),
                    source.trained(),
                    source.truncated(),
                    100 * source.truncatedShare());
            out.println(tooMany ? style(RED, line) : line);
        }
    }

    private void rules(AuditReport report) {
        out.println();
        for (Rule rule : Rule.values()) {
            long rows = report.broken(rule);
            if (rows > 0) {
                String what = rule.severity() == Rule.Severity.FAILURE ? "broken " : "warning";
                out.println(style(rule.severity() == Rule.Severity.FAILURE ? RED : CUT, what) + " " + rule + ": "
                        + String.format(Locale.ROOT, "%,d", rows) + " rows, " + rule.meaning());
                report.violations().stream()
                        .filter(violation -> violation.rule() == rule)
                        .forEach(violation -> out.println("          " + Visible.of(violation.table()) + " · "
                                + Visible.of(violation.source()) + " · " + Visible.of(violation.id()) + " · "
                                + violation.part()));
            }
        }
    }

    private void verdict(AuditReport report) {
        out.println();
        if (report.passed()) {
            out.println(style(GREEN, "audit passed"));
            return;
        }
        out.println(style(RED, "audit failed"));
        report.failures().forEach(failure -> out.println("- " + Visible.of(failure)));
    }

    private static String end(String text, int width) {
        return text.length() <= width ? text : "…" + text.substring(text.length() - width + 1);
    }

    private String style(String code, String text) {
        return coloured ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
