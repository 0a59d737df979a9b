package org.hone.spark.curation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Counts rows by source; the driver gets a row a source and rule. */
final class Counting {
    private Counting() {}

    static Map<String, Long> bySource(Dataset<Row> rows) {
        Map<String, Long> counts = new HashMap<>();
        rows.groupBy("source").count().collectAsList().forEach(row -> counts.put(row.getString(0), row.getLong(1)));
        return counts;
    }

    static List<SourceCounts> of(CuratedTable table, Map<String, Long> rowsIn, Dataset<Row> decisions) {
        List<Row> counted = decisions
                .groupBy("source", "rule", "held_out")
                .agg(
                        functions.count("*"),
                        functions.sum(functions.greatest(functions.col("copies").minus(1), functions.lit(0))),
                        functions.count_if(functions.col("in_helpfulness")),
                        functions.count_if(functions.col("in_safety")))
                .collectAsList();
        List<SourceCounts> counts = new ArrayList<>();
        rowsIn.keySet().stream().sorted(Comparator.naturalOrder()).forEach(source -> {
            List<Row> ours = counted.stream()
                    .filter(row -> row.getString(0).equals(source))
                    .toList();
            SortedMap<String, Long> removed = new TreeMap<>();
            ours.stream()
                    .filter(row -> !row.isNullAt(1))
                    .forEach(row -> removed.merge(row.getString(1), row.getLong(3), Long::sum));
            List<Row> left = ours.stream().filter(row -> row.isNullAt(1)).toList();
            List<Row> trained = left.stream().filter(row -> !row.getBoolean(2)).toList();
            counts.add(new SourceCounts(
                    table.text(),
                    source,
                    rowsIn.getOrDefault(source, 0L),
                    sum(trained, 3),
                    sum(trained, 4),
                    sum(left, 3) - sum(trained, 3),
                    sum(trained, 5),
                    sum(trained, 6),
                    removed));
        });
        return counts;
    }

    private static long sum(List<Row> rows, int column) {
        return rows.stream().mapToLong(row -> row.getLong(column)).sum();
    }
}
