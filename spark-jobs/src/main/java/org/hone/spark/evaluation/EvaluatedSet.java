package org.hone.spark.evaluation;

import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import org.hone.spark.table.PreferenceTable;
import org.hone.spark.table.TableSource;

/**
 * A set of comparisons that reward models are evaluated on.
 *
 * @param name what figures call it
 * @param folder a table with the columns of {@link PreferenceTable}: Delta Lake or plain Parquet, as a Hadoop path
 * @param sources only these of its sources; empty: all
 * @param state a name for what the table holds, to tell whether it has changed
 */
public record EvaluatedSet(String name, String folder, List<String> sources, String state) {
    /**
     * Copies the list.
     *
     * @param name what figures call it
     * @param folder a table with the columns of {@link PreferenceTable}
     * @param sources only these of its sources; empty: all
     * @param state a name for what the table holds
     */
    public EvaluatedSet {
        sources = List.copyOf(sources);
    }

    /**
     * Looks at a table.
     *
     * @param spark the session
     * @param name what figures call it
     * @param folder the table, as a Hadoop path
     * @param sources only these of its sources; empty: all
     * @return the set
     * @throws IOException if the table cannot be looked at
     * @throws IllegalArgumentException if there is none
     */
    public static EvaluatedSet of(SparkSession spark, String name, String folder, List<String> sources)
            throws IOException {
        String hint = "give the folder of a table of comparisons, such as DATA/curated/held-out";
        TableSource table = TableSource.of(spark, "pairs " + name, folder, hint);
        return new EvaluatedSet(name, folder, sources, table.state());
    }

    /**
     * Its comparisons. An id that stands there several times, as in a table that was not curated, counts once.
     *
     * @param spark the session
     * @return a row an id
     * @throws IOException if the table cannot be read
     * @throws IllegalArgumentException if it is no table of comparisons, or holds none of the sources
     */
    Dataset<Row> read(SparkSession spark) throws IOException {
        Dataset<Row> all = new TableSource("pairs " + name, folder, state).read(spark, PreferenceTable.SCHEMA);
        Dataset<Row> rows =
                sources.isEmpty() ? all : all.filter(functions.col("source").isin(sources.toArray()));
        if (rows.isEmpty()) {
            List<String> found = all.select("source").distinct().orderBy("source").collectAsList().stream()
                    .map(row -> row.getString(0))
                    .toList();
            throw new IllegalArgumentException("pairs " + name + ": " + folder + " holds no comparisons"
                    + (sources.isEmpty() ? "" : " of " + String.join(", ", sources))
                    + (found.isEmpty()
                            ? "; give a table with rows, such as the held-out ones of hone curate"
                            : "; its sources are " + String.join(", ", found)));
        }
        var duplicates = Window.partitionBy("id").orderBy("source", "week", "rating", "safety_bin", "annotator");
        return rows.withColumn("copy", functions.row_number().over(duplicates))
                .filter("copy = 1")
                .drop("copy");
    }
}
