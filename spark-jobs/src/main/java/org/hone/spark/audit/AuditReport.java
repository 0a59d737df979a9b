package org.hone.spark.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.hone.data.audit.Rule;
import org.hone.data.audit.TokenSpan;
import org.hone.spark.recipe.AuditRecipe;
import org.hone.spark.tokenise.EncodingIdentity;

/**
 * What an audit found.
 *
 * @param encoding how the rows were made
 * @param settings what was allowed
 * @param counts rows by table and source
 * @param violations some rows for each broken rule, the smallest ids first
 * @param previews rows to look at: the first that breaks each rule, then a sample
 * @param shardProblems what is wrong with files or manifests of shards, or that they are stale
 */
public record AuditReport(
        EncodingIdentity encoding,
        AuditRecipe settings,
        List<Counts> counts,
        List<Violation> violations,
        List<Preview> previews,
        List<String> shardProblems) {
    /**
     * Copies the lists.
     *
     * @param encoding how the rows were made
     * @param settings what was allowed
     * @param counts rows by table and source
     * @param violations some rows for each broken rule, the smallest ids first
     * @param previews rows to look at: the first that breaks each rule, then a sample
     * @param shardProblems what is wrong with files or manifests of shards, or that they are stale
     */
    public AuditReport {
        counts = List.copyOf(counts);
        violations = List.copyOf(violations);
        previews = List.copyOf(previews);
        shardProblems = List.copyOf(shardProblems);
    }

    /**
     * Rows of one source.
     *
     * @param table name of the table or folder of the shards
     * @param source the source; of shards what the rows are
     * @param rows rows that training sees; a comparison gives two
     * @param tokens their tokens, a shared prompt in each row
     * @param trained tokens that the loss counts
     * @param truncated rows of which tokens were left out
     * @param broken rows by the rule that they break; rules that none breaks are absent
     */
    public record Counts(
            String table, String source, long rows, long tokens, long trained, long truncated, Map<Rule, Long> broken) {
        /**
         * Share of the rows of which tokens were left out.
         *
         * @return from 0 to 1
         */
        public double truncatedShare() {
            return rows == 0 ? 0 : (double) truncated / rows;
        }
    }

    /**
     * A row that breaks a rule.
     *
     * @param rule the rule
     * @param table name of the table or folder of the shards
     * @param source the row's source
     * @param id the row's id
     * @param part which of the rows that were made of it
     */
    public record Violation(Rule rule, String table, String source, String id, String part) {}

    /**
     * A row as training sees it, decoded.
     *
     * @param table name of the table
     * @param source the row's source
     * @param id the row's id
     * @param part which of the rows that were made of it
     * @param tokens tokens of the row
     * @param droppedPromptTokens tokens left out behind BOS
     * @param droppedResponseTokens tokens left out at the end
     * @param broken the rules that it breaks
     * @param head the row's beginning; all of it when nothing is omitted
     * @param omitted stretches between head and tail that are not shown
     * @param tail the row's end
     */
    public record Preview(
            String table,
            String source,
            String id,
            String part,
            int tokens,
            int droppedPromptTokens,
            int droppedResponseTokens,
            List<Rule> broken,
            List<TokenSpan> head,
            int omitted,
            List<TokenSpan> tail) {}

    /**
     * Rows that break a rule, over all tables.
     *
     * @param rule the rule
     * @return their number
     */
    public long broken(Rule rule) {
        return counts.stream()
                .mapToLong(source -> source.broken().getOrDefault(rule, 0L))
                .sum();
    }

    /**
     * Why the audit fails.
     *
     * @return a sentence each; empty when it passes
     */
    public List<String> failures() {
        List<String> failures = new ArrayList<>(shardProblems);
        if (counts.isEmpty()) {
            failures.add("no row was audited; name a table or a folder of shards that has rows");
        }
        for (Rule rule : Rule.values()) {
            long rows = broken(rule);
            if (rows > 0 && rule.severity() == Rule.Severity.FAILURE) {
                failures.add(rule + ": " + rows + (rows == 1 ? " row: " : " rows: ") + rule.meaning());
            }
        }
        for (Counts source : counts) {
            if (source.truncatedShare() > settings.maxTruncatedShare()) {
                failures.add(String.format(
                        Locale.ROOT,
                        "%s, %s: %d of %d rows (%.2f %%) are truncated, audit.max-truncated-share allows %.2f %%;"
                                + " raise max-length or filter long rows",
                        source.table(),
                        source.source(),
                        source.truncated(),
                        source.rows(),
                        100 * source.truncatedShare(),
                        100 * settings.maxTruncatedShare()));
            }
        }
        return failures;
    }

    /**
     * Whether training may begin.
     *
     * @return whether nothing fails; warnings do not count
     */
    public boolean passed() {
        return failures().isEmpty();
    }
}
