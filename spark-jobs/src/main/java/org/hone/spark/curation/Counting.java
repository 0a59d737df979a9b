package org.hone.spark.curation;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Counts rows by table and source; the driver gets a row a source and rule. */
final class Counting {
    private Counting() {}

    /** Rows by source, of all tables in one query. */
    static Map<CuratedTable, Map<String, Long>> bySource(CurationInput input) {
        Map<CuratedTable, Map<String, Long>> counts = new EnumMap<>(CuratedTable.class);
        Map<CuratedTable, Dataset<Row>> sources = new EnumMap<>(CuratedTable.class);
        for (CuratedTable table : CuratedTable.values()) {
            counts.put(table, new HashMap<>());
            sources.put(table, input.table(table).select("source"));
        }
        for (Row row : named(sources).groupBy(Facts.TABLE, "source").count().collectAsList()) {
            at(counts, row).put(row.getString(1), row.getLong(2));
        }
        return counts;
    }

    /** What became of the rows of every table and source, in the order of the tables and of the sources' names. */
    static List<SourceCounts> of(Map<CuratedTable, Map<String, Long>> rowsIn, Dataset<Row> decisions) {
        Map<CuratedTable, List<Row>> groups = new EnumMap<>(CuratedTable.class);
        rowsIn.keySet().forEach(table -> groups.put(table, new ArrayList<>()));
        decisions
                .groupBy(Facts.TABLE, "source", "rule", "held_out")
                .agg(
                        functions.count("*"),
                        functions.sum(functions.greatest(functions.col("copies").minus(1), functions.lit(0))),
                        functions.count_if(functions.col("in_helpfulness")),
                        functions.count_if(functions.col("in_safety")))
                .collectAsList()
                .forEach((Row row) -> at(groups, row).add(row));
        List<SourceCounts> counts = new ArrayList<>();
        rowsIn.forEach((table, sources) -> new TreeMap<>(sources)
                .forEach((source, rows) -> counts.add(of(table, source, rows, groups.getOrDefault(table, List.of())))));
        return counts;
    }

    private static SourceCounts of(CuratedTable table, String source, long rowsIn, List<Row> groups) {
        List<Row> ours =
                groups.stream().filter(row -> row.getString(1).equals(source)).toList();
        SortedMap<String, Long> removed = new TreeMap<>();
        ours.stream()
                .filter(row -> !row.isNullAt(2))
                .forEach(row -> removed.merge(row.getString(2), row.getLong(4), Long::sum));
        List<Row> left = ours.stream().filter(row -> row.isNullAt(2)).toList();
        List<Row> trained = left.stream().filter(row -> !row.getBoolean(3)).toList();
        return new SourceCounts(
                table.text(),
                source,
                rowsIn,
                sum(trained, 4),
                sum(trained, 5),
                sum(left, 4) - sum(trained, 4),
                sum(trained, 6),
                sum(trained, 7),
                removed);
    }

    /** Rows of all tables, each with its table's name. */
    private static Dataset<Row> named(Map<CuratedTable, Dataset<Row>> tables) {
        return tables.entrySet().stream()
                .map(table -> table.getValue()
                        .withColumn(Facts.TABLE, functions.lit(table.getKey().text())))
                .reduce(Dataset::unionByName)
                .orElseThrow();
    }

    private static <T> T at(Map<CuratedTable, T> map, Row row) {
        CuratedTable table = CuratedTable.of(row.getString(0));
        return Objects.requireNonNull(map.get(table), table.text());
    }

    private static long sum(List<Row> rows, int column) {
        return rows.stream().mapToLong(row -> row.getLong(column)).sum();
    }
}
