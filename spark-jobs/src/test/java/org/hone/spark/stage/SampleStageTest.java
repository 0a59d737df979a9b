package org.hone.spark.stage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.hone.spark.fixture.LocalSession;
import org.hone.spark.fixture.RoundToSample;
import org.hone.spark.pool.OpenPrompts;
import org.hone.spark.run.StageReport;
import org.hone.spark.run.Storage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Sampling with a policy and a reward model of random weights. */
final class SampleStageTest {
    private static final int MOST = 6;

    @TempDir
    private static Path folder;

    @LocalSession
    private static SparkSession spark;

    private static RoundToSample rounds;

    @BeforeAll
    static void start() throws IOException {
        rounds = new RoundToSample(spark, folder);
    }

    private static StageContext round(String name, int prompts, int samples, String adaptive) throws IOException {
        return rounds.of(
                name,
                prompts,
                "rejection-sampling: {prompts: 1000, samples-per-prompt: " + samples
                        + ", max-new-tokens: 5, adaptive: {" + adaptive + "}}");
    }

    private static Map<String, String> candidates(StageContext context) {
        Map<String, String> byId = new HashMap<>();
        for (Row row : context.read(SampleStage.CANDIDATES).collectAsList()) {
            assertThat(byId.put(row.getAs("id"), row.mkString("|"))).isNull();
        }
        return byId;
    }

    @Test
    void whatIsKeptOfAnInterruptedStageIsNotSampledAgain() throws IOException {
        StageContext context = round("interrupted", 300, 16, "");
        new SampleStage().run(context);
        Map<String, String> whole = candidates(context);
        assertThat(whole).hasSize(300 * 16);

        Path stage = folder.resolve("interrupted/v1/sample");
        Path first = stage.resolve("parts/sampled-00000");
        Path second = stage.resolve("parts/sampled-00001");
        assertThat(second.resolve("rows")).isDirectory();
        assertThat(stage.resolve("parts/sampled-00002")).doesNotExist();
        Map<String, FileTime> before = times(first);
        context.folder().clear("v1/sample", new SampleStage().checkpoints());
        new Storage(spark.sparkContext().hadoopConfiguration())
                .delete(second.resolve("_done.json").toString());
        new SampleStage().run(context);
        assertThat(candidates(context)).isEqualTo(whole);
        assertThat(times(first)).isEqualTo(before);
    }

    private static Map<String, FileTime> times(Path folder) throws IOException {
        Map<String, FileTime> times = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                times.put(file.toString(), Files.getLastModifiedTime(file));
            }
        }
        return times;
    }

    @Test
    void aPromptIsSampledAsLongAsItIsExpectedToPay() throws IOException {
        StageContext all = round("fixed", 30, MOST, "");
        new SampleStage().run(all);
        new ScoreStage().run(all);
        Map<String, String> fixed = candidates(all);
        // what every other prompt's third sample is expected to add
        double leastGain = OpenPrompts.of(
                        all.read(ScoreStage.SCORES)
                                .join(all.read(SampleStage.CANDIDATES).select("id", "sample"), "id")
                                .filter("sample < 2"),
                        MOST)
                .selectExpr("percentile(next, 0.5)")
                .first()
                .getDouble(0);

        StageContext context = round("adaptive", 30, MOST, "first-samples: 2, least-gain: " + leastGain);
        StageReport report = new SampleStage().run(context);
        Map<String, String> some = candidates(context);
        assertThat(fixed).as("the same draws, fewer of them").containsAllEntriesOf(some);
        Map<String, Integer> counts = new TreeMap<>();
        context.read(SampleStage.CANDIDATES)
                .collectAsList()
                .forEach(row -> counts.merge(row.getAs("prompt_id"), 1, Integer::sum));
        assertThat(counts).hasSize(30);
        assertThat(counts.values())
                .contains(2, 4)
                .allMatch(count -> List.of(2, 4, MOST).contains(count));
        assertThat(report.number("saved_share")).isCloseTo(1 - some.size() / (30.0 * MOST), within(1e-12));
        assertThat(report.number("candidates_of_fixed_k")).isEqualTo(30 * MOST);
        assertThat(report.number("forgone_reward")).isPositive();

        new ScoreStage().run(context);
        Map<String, Double> rewards = rewards(context);
        assertThat(rewards).containsOnlyKeys(some.keySet());
        Map<String, Double> ofAll = rewards(all);
        assertThat(rewards).allSatisfy((id, reward) -> assertThat(reward).isCloseTo(ofAll.get(id), within(1e-5)));
    }

    private static Map<String, Double> rewards(StageContext context) {
        Map<String, Double> rewards = new HashMap<>();
        for (Row row : context.read(ScoreStage.SCORES).collectAsList()) {
            assertThat(rewards.put(row.getAs("id"), row.getAs("reward"))).isNull();
        }
        return rewards;
    }

    @Test
    void withNothingAskedOfTheNextSampleEveryPromptGetsAll() throws IOException {
        StageContext context = round("all", 5, MOST, "least-gain: 0, first-samples: 4");
        StageReport report = new SampleStage().run(context);
        assertThat(candidates(context)).hasSize(5 * MOST);
        assertThat(report.number("waves")).isEqualTo(2);
        assertThat(report.number("saved_share")).isZero();
    }
}
