package org.hone.spark.sampling;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.data.curation.SourceRole.Axis;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.template.ChatTemplate;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.llama.RewardModel;
import org.hone.model.tensor.Device;
import org.hone.spark.executor.SamplingWeights;
import org.hone.spark.fixture.LocalSession;
import org.hone.spark.fixture.TinyModels;
import org.hone.spark.session.Progress;
import org.hone.spark.table.CandidateTable;
import org.hone.spark.table.Columns;
import org.hone.spark.table.TokenTables;
import org.hone.spark.tokenise.Encoding;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

final class FanoutTest {
    private static final int PROMPTS = 40;
    private static final SampleTask.Drawing DRAW = drawing(6, List.of());

    @TempDir
    private static Path folder;

    @LocalSession
    private static SparkSession spark;

    private static Path policy;
    private static Path rewardModel;
    private static Fanout fanout;

    @BeforeAll
    static void start() throws IOException {
        policy = TinyModels.policy(folder.resolve("policy"), 1);
        rewardModel = TinyModels.rewardModel(folder.resolve("reward-model"), 2);
        var hadoop = new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
        fanout = new Fanout(new Encoding(policy.toString(), "plain", TinyModels.CONTEXT, hadoop), Progress.of(spark));
    }

    private static Dataset<Row> prompts(int count) throws IOException {
        List<Row> rows = new ArrayList<>();
        try (Tokenizer tokenizer = Tokenizer.open(policy)) {
            for (int i = 0; i < count; i++) {
                Dialogue dialogue = Dialogue.ofUser("the dog " + i);
                int[] ids = ChatTemplate.named("plain").prompt(tokenizer, dialogue);
                rows.add(RowFactory.create("p" + i, Columns.turns(dialogue), Columns.boxed(ids), i % 2 == 1, false));
            }
        }
        return spark.createDataFrame(rows, TokenTables.PROMPTS);
    }

    private static SampleTask.Drawing drawing(int maxNewTokens, List<String> stop) {
        return new SampleTask.Drawing(5, 1, 0, 2, List.of(1.0), 1, 0, 1, maxNewTokens, stop);
    }

    private static Dataset<Row> sample(String name, Dataset<Row> prompts) throws IOException {
        return sample(name, prompts, DRAW);
    }

    private static Dataset<Row> sample(String name, Dataset<Row> prompts, SampleTask.Drawing drawing)
            throws IOException {
        String output = folder.resolve(name).toString();
        fanout.sample(prompts, policy.toString(), SamplingWeights.FLOAT32, drawing, name, output);
        return spark.read().schema(CandidateTable.CANDIDATES).parquet(output);
    }

    private static Map<String, String> byKey(Dataset<Row> rows) {
        Map<String, String> byKey = new HashMap<>();
        for (Row row : rows.collectAsList()) {
            String key = row.getAs("prompt_id") + "/" + row.getAs("sample");
            assertThat(byKey.put(key, row.mkString("|"))).as(key).isNull();
        }
        return byKey;
    }

    @Test
    void aResponseDoesNotDependOnPartitionsOrOtherPrompts() throws IOException {
        Map<String, String> one = byKey(sample("one", prompts(PROMPTS).coalesce(1)));
        Map<String, String> three = byKey(sample("three", prompts(PROMPTS).repartition(3)));
        Map<String, String> few = byKey(sample("few", prompts(5)));
        assertThat(one).hasSize(2 * PROMPTS);
        assertThat(three).isEqualTo(one);
        assertThat(few).hasSize(10).allSatisfy((key, row) -> assertThat(row).isEqualTo(one.get(key)));
        Dataset<Row> texts = spark.read().parquet(folder.resolve("one").toString());
        assertThat(texts.select("text").distinct().count()).as("samples differ").isGreaterThan(PROMPTS);
        assertThat(texts.select("id").distinct().count()).isEqualTo(2 * PROMPTS);
    }

    /** Same draws, and the text of as few of them as it takes for a stop text to be there, cut in front of it. */
    @Test
    void stopTextsEndCandidates() throws IOException {
        List<String> texts = List.of("x", "o ", "犬");
        List<Row> whole = sample("whole", prompts(PROMPTS), drawing(40, List.of()))
                .orderBy("prompt_id", "sample")
                .collectAsList();
        List<Row> stopped = sample("stopped", prompts(PROMPTS), drawing(40, texts))
                .orderBy("prompt_id", "sample")
                .collectAsList();
        int cut = 0;
        try (Tokenizer tokenizer = Tokenizer.open(policy)) {
            for (int i = 0; i < whole.size(); i++) {
                int[] all = Columns.tokens(whole.get(i), "tokens");
                int[] drawn = Columns.tokens(stopped.get(i), "tokens");
                String text = stopped.get(i).getAs("text");
                if (texts.stream().noneMatch(whole.get(i).<String>getAs("text")::contains)) {
                    assertThat(stopped.get(i)).isEqualTo(whole.get(i));
                    continue;
                }
                cut++;
                assertThat(stopped.get(i).<String>getAs("finish_reason")).isEqualTo("STOP");
                assertThat(all).startsWith(drawn);
                String spelt = tokenizer.decode(drawn);
                assertThat(texts)
                        .anyMatch(stop -> spelt.startsWith(text + stop))
                        .noneMatch(text::contains);
                String earlier = tokenizer.decode(Arrays.copyOf(drawn, drawn.length - 1));
                assertThat(texts).noneMatch(earlier::contains);
                // log-probabilities are below 0, and those of all tokens are added up
                assertThat(stopped.get(i).<Double>getAs("log_prob"))
                        .isBetween(whole.get(i).<Double>getAs("log_prob"), -Double.MIN_NORMAL);
            }
        }
        assertThat(cut).isBetween(5, whole.size() - 5);
    }

    @Test
    void rewardsAreThoseOfTheModelByItself() throws IOException {
        Dataset<Row> candidates = sample("candidates", prompts(3));
        String output = folder.resolve("scored").toString();
        List<RewardModelRef> models =
                List.of(new RewardModelRef(Axis.HELPFULNESS, rewardModel.toString(), "hash", fanout.encoding(), null));
        Fanout.score(candidates, models, Progress.of(spark), "score", CandidateTable.SCORED, output);
        List<Row> scored =
                spark.read().schema(CandidateTable.SCORED).parquet(output).collectAsList();
        assertThat(scored).hasSize(6);
        try (Tokenizer tokenizer = Tokenizer.open(policy);
                RewardModel model = HuggingFaceFolder.loadRewardModel(rewardModel, Device.cpu())) {
            ChatTemplate template = ChatTemplate.named("plain");
            for (Row row : scored) {
                int[] prompt = template.prompt(tokenizer, Columns.dialogue(row, "prompt"));
                int[] response = template.response(tokenizer, row.getAs("text"));
                int[] ids = Arrays.copyOf(prompt, prompt.length + response.length);
                System.arraycopy(response, 0, ids, prompt.length, response.length);
                float alone = PackedRewards.of(model, List.of(List.<int[]>of(ids)))[0];
                assertThat(row.<Double>getAs("reward")).isCloseTo(alone, within(1e-5));
            }
        }
        assertThat(scored).extracting(row -> row.<Double>getAs("reward")).doesNotHaveDuplicates();
    }

    @Test
    void theChosenPromptsAreASampleThatTheSeedDecides() throws IOException {
        List<String> some = ids(Fanout.choose(prompts(PROMPTS).repartition(3), 10, 7));
        assertThat(some).hasSize(10).doesNotHaveDuplicates();
        assertThat(ids(Fanout.choose(prompts(PROMPTS).coalesce(1), 10, 7))).isEqualTo(some);
        assertThat(ids(Fanout.choose(prompts(PROMPTS), 10, 8))).isNotEqualTo(some);
        assertThat(ids(Fanout.choose(prompts(PROMPTS), 1_000, 7)))
                .hasSize(PROMPTS)
                .startsWith(some.toArray(String[]::new));
    }

    private static List<String> ids(Dataset<Row> rows) {
        return rows.collectAsList().stream().map(row -> row.<String>getAs("id")).toList();
    }
}
