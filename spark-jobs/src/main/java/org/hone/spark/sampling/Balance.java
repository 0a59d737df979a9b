package org.hone.spark.sampling;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.hone.model.sampling.SamplerOptions;

/**
 * Spreads prompts over tasks so that each task has about as many tokens ahead of it: the prompts with most are dealt out first, one
 * to each task and back again. Rows of one prompt stay together.
 */
final class Balance {
    /** Small enough that a lost task costs little and the last one does not keep the cluster waiting. */
    private static final int PROMPTS_PER_TASK = 16;

    /** At a task's end rows of the sampler stand empty: it must be long enough for that to be a small part of it. */
    private static final long RESPONSES_PER_TASK = 8L * SamplerOptions.ROWS;

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
     * @param tasks how many tasks
     * @return the rows, a partition a task
     */
    static Dataset<Row> spread(Dataset<Row> rows, String prompt, Column tokens, int tasks) {
        JavaRDD<String> heaviestFirst = rows.groupBy(prompt)
                .agg(functions.sum(tokens).as("tokens"))
                .orderBy(functions.desc("tokens"), functions.col(prompt))
                .select(prompt)
                .javaRDD()
                .map(row -> row.getString(0));
        JavaRDD<Row> dealt = heaviestFirst
                .zipWithIndex()
                .map(prompted -> RowFactory.create(prompted._1(), task(prompted._2(), tasks)));
        return rows.join(
                        rows.sparkSession().createDataFrame(dealt, DEALT),
                        functions.col(prompt).equalTo(functions.col("dealt")))
                .repartitionById(tasks, functions.col("task"))
                .drop("task", "dealt");
    }

    /** Tasks for scoring the responses to prompts. */
    static int scoringTasks(long prompts) {
        return within(ceilDiv(prompts, PROMPTS_PER_TASK));
    }

    /** Tasks for sampling: as many as there are slots, and as keep the sampler's rows full for most of a task. */
    static int samplingTasks(long prompts, long responsesPerPrompt, int slots) {
        long responses = prompts * responsesPerPrompt;
        long filled = ceilDiv(responses, SamplerOptions.ROWS);
        return within(Math.min(prompts, Math.max(ceilDiv(responses, RESPONSES_PER_TASK), Math.min(slots, filled))));
    }

    private static long ceilDiv(long x, long y) {
        return (x + y - 1) / y;
    }

    private static int within(long tasks) {
        return (int) Math.max(1, Math.min(MOST_TASKS, tasks));
    }

    /** There and back again. */
    static int task(long place, int tasks) {
        int in = (int) (place % tasks);
        return place / tasks % 2 == 0 ? in : tasks - 1 - in;
    }
}
