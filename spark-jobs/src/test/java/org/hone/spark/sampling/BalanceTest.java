package org.hone.spark.sampling;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.hone.model.random.CounterRandom;
import org.hone.spark.fixture.LocalSession;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class BalanceTest {
    private static final StructType ROWS =
            new StructType().add("prompt", DataTypes.StringType, false).add("tokens", DataTypes.IntegerType, false);
    private static final int PROMPTS = 160;
    private static final int TASKS = PROMPTS / 16;
    private static final int MOST_TOKENS = 1_000;

    @LocalSession
    private static SparkSession spark;

    /** A few rows a prompt, most of them short and some very long. */
    private static Dataset<Row> rows(int partitions) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 3 * PROMPTS; i++) {
            double uniform = new CounterRandom(7).uniform(i);
            rows.add(RowFactory.create("p" + i % PROMPTS, (int) (MOST_TOKENS * Math.pow(uniform, 6))));
        }
        return spark.createDataFrame(rows, ROWS).repartition(partitions);
    }

    private static Map<String, Integer> tasks(Dataset<Row> spread) {
        Map<String, Integer> tasks = new TreeMap<>();
        for (Row row : spread.withColumn("task", functions.spark_partition_id()).collectAsList()) {
            Integer before = tasks.put(row.getString(0), row.getInt(2));
            assertThat(before).as(row.getString(0)).isIn(null, row.getInt(2));
        }
        return tasks;
    }

    @Test
    void tasksHaveAboutAsManyTokens() {
        Dataset<Row> spread = Balance.spread(rows(3), "prompt", functions.col("tokens"), TASKS);
        assertThat(spread.columns()).containsExactly("prompt", "tokens");
        assertThat(spread.count()).isEqualTo(3 * PROMPTS);
        List<Row> loads = spread.withColumn("task", functions.spark_partition_id())
                .groupBy("task")
                .agg(functions.sum("tokens"), functions.countDistinct("prompt"))
                .collectAsList();
        assertThat(loads).hasSize(TASKS);
        long most = loads.stream().mapToLong(row -> row.getLong(1)).max().orElseThrow();
        long least = loads.stream().mapToLong(row -> row.getLong(1)).min().orElseThrow();
        assertThat(most - least).as("apart by less than the longest prompt").isLessThan(MOST_TOKENS);
        assertThat(loads).allSatisfy(row -> assertThat(row.getLong(2)).isEqualTo(PROMPTS / TASKS));
    }

    @Test
    void aPromptIsInOneTaskWhereverItsRowsWere() {
        Map<String, Integer> one = tasks(Balance.spread(rows(1), "prompt", functions.col("tokens"), TASKS));
        assertThat(one).hasSize(PROMPTS);
        assertThat(tasks(Balance.spread(rows(5), "prompt", functions.col("tokens"), TASKS)))
                .isEqualTo(one);
    }

    @Test
    void tasksAreAsManyAsKeepRowsAndSlotsBusy() {
        assertThat(Balance.samplingTasks(256, 8, 2)).as("rows stay full").isEqualTo(4);
        assertThat(Balance.samplingTasks(256, 8, 24)).as("a task a slot").isEqualTo(24);
        assertThat(Balance.samplingTasks(256, 8, 500)).as("64 rows a task").isEqualTo(32);
        assertThat(Balance.samplingTasks(4, 64, 500))
                .as("a prompt stays together")
                .isEqualTo(4);
        assertThat(Balance.samplingTasks(0, 8, 2)).isEqualTo(1);
        assertThat(Balance.scoringTasks(33)).isEqualTo(3);
    }

    @Test
    void noRowsAreNoTrouble() {
        Dataset<Row> none = spark.createDataFrame(List.of(), ROWS);
        assertThat(Balance.spread(none, "prompt", functions.col("tokens"), 1).count())
                .isZero();
    }
}
