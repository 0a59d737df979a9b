package org.hone.spark.shard;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** What the rows of a shard are, and how their tokens are counted. */
public enum ShardKind {
    /** One example a row: {@link org.hone.spark.table.TokenTables#EXAMPLES}. */
    EXAMPLES(
            "prompt response",
            "size(prompt) + size(response)",
            "size(response)",
            "size(prompt) + size(response)",
            "1",
            "cast(dropped_tokens > 0 as int)"),
    /** A comparison a row, its prompt kept once: {@link org.hone.spark.table.TokenTables#PAIRS}. */
    PAIRS(
            "prompt chosen rejected",
            "size(prompt) + size(chosen) + size(rejected)",
            "size(chosen) + size(rejected)",
            "size(prompt) + greatest(size(chosen), size(rejected))",
            "1",
            "cast(dropped_tokens > 0 as int)"),
    /** Several whole examples a row: {@link org.hone.spark.table.TokenTables#PACKED}. */
    PACKED(
            "tokens prompt_lengths response_lengths",
            "size(tokens)",
            "aggregate(response_lengths, 0, (sum, length) -> sum + length)",
            "size(tokens)",
            "size(examples)",
            "size(filter(dropped_tokens, dropped -> dropped > 0))");

    private final String columns;
    private final String stored;
    private final String trained;
    private final String length;
    private final String examples;
    private final String truncated;

    ShardKind(String columns, String stored, String trained, String length, String examples, String truncated) {
        this.columns = columns;
        this.stored = stored;
        this.trained = trained;
        this.length = length;
        this.examples = examples;
        this.truncated = truncated;
    }

    /**
     * The kind of a table's rows.
     *
     * @param schema the table's columns
     * @return the kind
     * @throws IllegalArgumentException if no kind has these columns
     */
    public static ShardKind of(StructType schema) {
        List<String> names = Arrays.asList(schema.fieldNames());
        for (ShardKind kind : values()) {
            if (names.containsAll(kind.columns())) {
                return kind;
            }
        }
        throw new IllegalArgumentException("a table with the columns " + String.join(", ", names)
                + " is no table of token rows; shards are written from "
                + String.join(
                        " or ",
                        Arrays.stream(values())
                                .map(kind -> String.join(", ", kind.columns()))
                                .toList()));
    }

    /**
     * The columns that training reads.
     *
     * @return the token columns
     */
    public List<String> columns() {
        return List.of(columns.split(" ", -1));
    }

    /**
     * The kind's name in a manifest.
     *
     * @return the name
     */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Tokens that a row keeps in memory. */
    Column stored() {
        return functions.expr(stored);
    }

    /** Tokens that the loss counts. */
    Column trained() {
        return functions.expr(trained);
    }

    /** The length that the model sees, of a pair the longer one. */
    Column length() {
        return functions.expr(length);
    }

    /** Examples or comparisons in a row. */
    Column examples() {
        return functions.expr(examples);
    }

    /** Examples or comparisons in a row that were cut; a table without the column says nothing, so none. */
    Column truncated(StructType schema) {
        return Arrays.asList(schema.fieldNames()).contains("dropped_tokens")
                ? functions.expr(truncated)
                : functions.lit(0);
    }
}
