package org.hone.spark.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.hone.spark.fixture.LocalSession;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** The curves of rewards that follow a known distribution. */
class RewardCurvesTest {
    private static final int PROMPTS = 600;
    private static final int K = 40;

    private static final StructType SCORED = new StructType()
            .add("prompt_id", DataTypes.StringType, false)
            .add("temperature", DataTypes.DoubleType, false)
            .add("reward", DataTypes.DoubleType, false);

    @LocalSession
    private static SparkSession spark;

    /** At temperature 1 rewards are uniform in [0, 1), at 2 in [0, 2); one prompt has fewer responses than the others. */
    private static Dataset<Row> scored() {
        Random random = new Random(9);
        List<Row> rows = new ArrayList<>();
        for (int p = 0; p < PROMPTS; p++) {
            for (int k = 0; k < (p == 0 ? 5 : K); k++) {
                for (double temperature : new double[] {1, 2}) {
                    rows.add(RowFactory.create("p" + p, temperature, temperature * random.nextDouble()));
                }
            }
        }
        return spark.createDataFrame(rows, SCORED);
    }

    @Test
    void bestOfNFollowsTheOrderStatisticsOfTheDistribution() {
        List<Row> points = RewardCurves.of(scored()).collectAsList();
        assertThat(points).hasSize(2 * RewardCurves.steps(K).size());
        for (Row point : points) {
            double temperature = point.getAs("temperature");
            int n = point.getAs("n");
            assertThat(point.<Long>getAs("prompts")).isEqualTo(n <= 5 ? PROMPTS : PROMPTS - 1);
            // of uniform numbers the best of N is N / (N + 1) on average, and the median a half
            double off = point.<Double>getAs("max") - temperature * n / (n + 1.0);
            assertThat(Math.abs(off)).as("%s", point).isLessThan(4 * point.<Double>getAs("max_standard_error"));
            assertThat(point.<Double>getAs("median")).isCloseTo(temperature / 2, within(0.02 * temperature));
            assertThat(point.<Double>getAs("mean")).isCloseTo(temperature / 2, within(0.01 * temperature));
        }
    }

    @Test
    void partitionsChangeNoBit() {
        List<Row> one = RewardCurves.of(scored().coalesce(1)).collectAsList();
        assertThat(RewardCurves.of(scored().repartition(7)).collectAsList()).isEqualTo(one);
    }

    @Test
    void longCurvesHaveFewPoints() {
        assertThat(RewardCurves.steps(1)).containsExactly(1);
        assertThat(RewardCurves.steps(4)).containsExactly(1, 2, 3, 4);
        assertThat(RewardCurves.steps(4_096))
                .startsWith(1, 2, 3)
                .endsWith(4_096)
                .hasSizeLessThan(90);
    }

    @Test
    void aSinglePromptHasNoStandardError() {
        Row only = RewardCurves.of(spark.createDataFrame(List.of(RowFactory.create("p", 1.0, 0.5)), SCORED))
                .collectAsList()
                .get(0);
        assertThat(only.<Double>getAs("max")).isEqualTo(0.5);
        assertThat(only.<Double>getAs("max_standard_error")).isNull();
    }
}
