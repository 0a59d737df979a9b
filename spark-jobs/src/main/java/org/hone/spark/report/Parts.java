package org.hone.spark.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.hone.spark.stage.StageContext;

/**
 * Tables of which Spark is asked the same: once for all of them, for a question costs a plan and several jobs however small its table
 * is, and a run has a dozen tables a round.
 */
final class Parts {
    /** The column with the part that a row belongs to; a question must keep it. */
    static final String PART = "part";

    private final Map<String, Dataset<Row>> tables = new LinkedHashMap<>();

    /** The rows of an answer that belong to a part. */
    @FunctionalInterface
    interface Answer {
        List<Row> of(String part);
    }

    /** Adds a part; all have the same columns. */
    void add(String part, Dataset<Row> table) {
        tables.put(part, table);
    }

    /** The name of a round's part. */
    static String of(int round) {
        return of(round, "");
    }

    /** The name of a round's part, or of one of its passes. */
    static String of(StageContext context) {
        return of(context.round(), context.pass() == 0 ? "" : "pass " + context.pass());
    }

    /** The name of one of a round's parts. */
    static String of(int round, String which) {
        return round + " " + which;
    }

    /** The parts, each changed in its own way. */
    Parts map(BiFunction<String, Dataset<Row>, Dataset<Row>> change) {
        Parts changed = new Parts();
        tables.forEach((part, table) -> changed.add(part, change.apply(part, table)));
        return changed;
    }

    /** Asks; a part's rows come in the question's order. */
    Answer ask(UnaryOperator<Dataset<Row>> question) {
        Map<String, List<Row>> answers = new HashMap<>();
        tables.entrySet().stream()
                .map(part -> part.getValue().withColumn(PART, functions.lit(part.getKey())))
                .reduce(Dataset::unionByName)
                .map(question)
                .ifPresent(answered -> answered.collectAsList()
                        .forEach(row -> answers.computeIfAbsent(row.getAs(PART), part -> new ArrayList<>())
                                .add(row)));
        return part -> answers.getOrDefault(part, List.of());
    }
}
