package org.hone.spark.audit;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.hone.spark.recipe.AuditRecipe;
import org.hone.spark.tokenise.Encoding;

/**
 * What is audited.
 *
 * @param encoding how rows are made, and how those in shards must have been made
 * @param responseTokens room that a prompt must leave for a response
 * @param tables tables of text
 * @param shards folders of token shards, as Hadoop paths
 * @param stale why the shards are not those of the tables, in words; empty if they are
 * @param settings what is allowed and shown
 */
public record AuditInput(
        Encoding encoding,
        int responseTokens,
        List<Table> tables,
        List<String> shards,
        List<String> stale,
        AuditRecipe settings) {
    /**
     * Copies the lists.
     *
     * @param encoding how rows are made, and how those in shards must have been made
     * @param responseTokens room that a prompt must leave for a response
     * @param tables tables of text
     * @param shards folders of token shards, as Hadoop paths
     * @param stale why the shards are not those of the tables, in words; empty if they are
     * @param settings what is allowed and shown
     */
    public AuditInput {
        tables = List.copyOf(tables);
        shards = List.copyOf(shards);
        stale = List.copyOf(stale);
    }

    /**
     * A table of text.
     *
     * @param name its name in the report
     * @param content what its rows are
     * @param rows its rows, with at least the columns of the content
     */
    public record Table(String name, Content content, Dataset<Row> rows) {}

    /** What the rows of a table are. */
    public enum Content {
        /** Comparisons, {@link org.hone.spark.table.DataTables#PREFERENCES}: each gives two rows to train on. */
        PREFERENCES,
        /** Demonstrations, {@link org.hone.spark.table.DataTables#SFT}. */
        SFT,
        /** Prompts, {@link org.hone.spark.table.DataTables#PROMPTS}: nothing of them is trained. */
        PROMPTS
    }
}
