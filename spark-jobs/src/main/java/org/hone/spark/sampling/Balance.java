package org.hone.spark.sampling;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Spreads prompts over tasks so that each task has about as many tokens ahead of it: the prompts with most are dealt out first, one
 * to each task and back again. Rows of one prompt stay together.
 */
final class Balance {
    /** Small enough that a lost task costs little and the last one does not keep the cluster waiting. */
    private static final int PROMPTS_PER_TASK = 16;

    private static final int MOST_TASKS = 100_000;

    private static final StructType DEALT =
            new StructType().add("dealt", DataTypes.StringType, false).add("task", DataTypes.IntegerType, false);

    private Balance() {}

    /**
     * Spreads rows.
     *
     * @param rows the rows
     * @param prompt name of the column with the prompt's id
     * @param tokens what a row costs
     * @param prompts how many prompts there are
     * @return the rows, a partition a task
     */
    static Dataset<Row> spread(Dataset<Row> rows, String prompt, Column tokens, long prompts) {
        JavaRDD<String> heaviestFirst = rows.groupBy(prompt)
                .agg(functions.sum(tokens).as("tokens"))
                .orderBy(functions.desc("tokens"), functions.col(prompt))
                .select(prompt)
                .javaRDD()
                .map(row -> row.getString(0));
        int tasks = tasks(prompts);
        JavaRDD<Row> dealt = heaviestFirst
                .zipWithIndex()
                .map(prompted -> RowFactory.create(prompted._1(), task(prompted._2(), tasks)));
        return rows.join(
                        rows.sparkSession().createDataFrame(dealt, DEALT),
                        functions.col(prompt).equalTo(functions.col("dealt")))
                .repartitionById(tasks, functions.col("task"))
                .drop("task", "dealt");
    }

    static int tasks(long prompts) {
        return (int) Math.max(1, Math.min(MOST_TASKS, (prompts + PROMPTS_PER_TASK - 1) / PROMPTS_PER_TASK));
    }

    /** There and back again. */
    static int task(long place, int tasks) {
        int in = (int) (place % tasks);
        return place / tasks % 2 == 0 ? in : tasks - 1 - in;
    }
}
