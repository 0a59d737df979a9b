package org.hone.spark.pool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.data.curation.SourceRole.Axis;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.template.ChatTemplate;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.spark.executor.SamplingWeights;
import org.hone.spark.fixture.LocalSpark;
import org.hone.spark.fixture.TinyModels;
import org.hone.spark.sampling.Fanout;
import org.hone.spark.sampling.RewardModelRef;
import org.hone.spark.sampling.SampleTask;
import org.hone.spark.session.Progress;
import org.hone.spark.table.CandidateTable;
import org.hone.spark.table.Columns;
import org.hone.spark.table.TokenTables;
import org.hone.spark.tokenise.Encoding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** The best of K draws is distributed as order statistics of single draws say, through sampler and reward model. */
final class BestOfKTest {
    private static final int SINGLES = 512;
    private static final int K = 8;
    private static final int PROMPTS = 128;

    @TempDir
    private Path folder;

    /** Rewards of draws of one prompt that stands there under several ids. */
    private List<double[]> rewards(SparkSession spark, int prompts, int samples) throws IOException {
        Path policy = folder.resolve("policy");
        Path rewardModel = folder.resolve("reward-model");
        var hadoop = new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
        Encoding encoding = new Encoding(policy.toString(), "plain", TinyModels.CONTEXT, hadoop);
        List<Row> rows = new ArrayList<>();
        try (Tokenizer tokenizer = Tokenizer.open(policy)) {
            Dialogue dialogue = Dialogue.ofUser("the dog");
            int[] ids = ChatTemplate.named("plain").prompt(tokenizer, dialogue);
            for (int i = 0; i < prompts; i++) {
                rows.add(RowFactory.create("p" + i, Columns.turns(dialogue), Columns.boxed(ids), false, false));
            }
        }
        String name = prompts + "x" + samples;
        String sampled = folder.resolve("sampled" + name).toString();
        new Fanout(encoding, Progress.of(spark))
                .sample(
                        spark.createDataFrame(rows, TokenTables.PROMPTS),
                        policy.toString(),
                        SamplingWeights.FLOAT32,
                        new SampleTask.Drawing(9, prompts, 0, samples, List.of(1.0), 1, 0, 1, 6, List.of()),
                        name,
                        sampled);
        String scored = folder.resolve("scored" + name).toString();
        Fanout.score(
                spark.read().schema(CandidateTable.CANDIDATES).parquet(sampled),
                List.of(new RewardModelRef(Axis.HELPFULNESS, rewardModel.toString(), "hash", encoding, null)),
                Progress.of(spark),
                name,
                CandidateTable.SCORES,
                scored);
        Dataset<Row> byPrompt = spark.read()
                .parquet(scored)
                .selectExpr("prompt_id", "reward")
                .groupBy("prompt_id")
                .agg(functions.collect_list("reward"));
        List<double[]> all = new ArrayList<>();
        for (Row row : byPrompt.collectAsList()) {
            all.add(row.<Double>getList(1).stream()
                    .mapToDouble(Double::doubleValue)
                    .sorted()
                    .toArray());
        }
        return all;
    }

    @Test
    void theBestOfKFollowsTheOrderStatisticsOfSingleDraws() throws IOException {
        TinyModels.policy(folder.resolve("policy"), 1);
        TinyModels.rewardModel(folder.resolve("reward-model"), 2);
        try (SparkSession spark = LocalSpark.start()) {
            double[] drawn = rewards(spark, 1, SINGLES).get(0);
            OrderStatistics singles = new OrderStatistics(drawn);
            List<double[]> groups = rewards(spark, PROMPTS, K);
            assertThat(groups)
                    .hasSize(PROMPTS)
                    .allSatisfy(group -> assertThat(group).hasSize(K));
            double[] best = groups.stream().mapToDouble(group -> group[K - 1]).toArray();
            double[] median = groups.stream()
                    .mapToDouble(group -> (group[K / 2 - 1] + group[K / 2]) / 2)
                    .toArray();
            double deviation = deviation(best);
            // both sides are estimates: of the groups, and of as many groups as the single draws make
            double error = deviation * Math.sqrt(1.0 / PROMPTS + (double) K / SINGLES);
            assertThat(mean(best)).isCloseTo(singles.max(K), within(3.5 * error));
            assertThat(mean(median)).isCloseTo(singles.median(K), within(3.5 * error));
            assertThat(singles.max(K) - mean(drawn))
                    .as("there is something to gain")
                    .isGreaterThan(10 * error);
        }
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private static double deviation(double[] values) {
        double mean = mean(values);
        return Math.sqrt(Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElseThrow());
    }
}
