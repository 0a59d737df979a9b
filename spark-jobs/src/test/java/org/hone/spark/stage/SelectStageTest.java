package org.hone.spark.stage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.template.ChatTemplate;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.spark.fixture.LocalSpark;
import org.hone.spark.fixture.TinyModels;
import org.hone.spark.run.StageReport;
import org.hone.spark.table.CandidateTable;
import org.hone.spark.table.Columns;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

final class SelectStageTest {
    private static final String RECIPE = """
            name: select
            base-model: none
            tokenizer: "%s"
            preferences: {sources: [{name: hh, path: none, fine-tuning-target: true}]}
            """;

    private static SparkSession spark;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        spark = LocalSpark.start();
    }

    @AfterAll
    static void stop() throws IOException {
        spark.close();
    }

    private static Row scored(String prompt, int sample, double reward, Integer... tokens) {
        return scored(prompt, sample, reward, "", "EOS", tokens);
    }

    private static Row scored(
            String prompt, int sample, double reward, String text, String finishReason, Integer... tokens) {
        return RowFactory.create(
                prompt,
                sample,
                1,
                "policy",
                1.0,
                0L,
                Columns.turns(Dialogue.ofUser(prompt)),
                new Integer[] {1, 9},
                tokens,
                text,
                0.0,
                finishReason,
                "reward model",
                reward);
    }

    /** A stop text is not learned, even where it begins within a token; a text too long for the row loses its end. */
    @Test
    void whatAStopTextEndedIsLearnedAsItsTextAndEos() throws IOException {
        Path model = TinyModels.tokenizer(folder.resolve("tokenizer.model"));
        StageContext context = LocalSpark.run(
                spark,
                folder.resolve("run"),
                RECIPE.formatted(model) + "max-length: 34\nrejection-sampling: {max-new-tokens: 8}\n");
        List<Row> rows = List.of(
                scored("cut", 0, 1, "the dog", "STOP", 31, 32, 33),
                scored("cut at once", 0, 1, "", "STOP", 31),
                scored("long", 0, 1, "犬".repeat(12), "STOP", 31, 32),
                scored("whole", 0, 1, "the dog", "LENGTH", 31, 32, 33));
        spark.createDataFrame(rows, CandidateTable.SCORED).write().parquet(context.path(ScoreStage.SCORED));
        new SelectStage().run(context);
        List<Row> examples = context.read(SelectStage.EXAMPLES).orderBy("id").collectAsList();
        try (Tokenizer tokenizer = Tokenizer.open(model)) {
            ChatTemplate template = ChatTemplate.named("plain");
            int[] cut = template.response(tokenizer, "the dog");
            int[] tooLong = template.response(tokenizer, "犬".repeat(12));
            assertThat(cut).endsWith(tokenizer.eosId());
            assertThat(examples)
                    .extracting(example -> Columns.tokens(example, "response"))
                    .containsExactly(
                            cut, new int[] {tokenizer.eosId()}, Arrays.copyOf(tooLong, 32), new int[] {31, 32, 33});
            assertThat(examples)
                    .extracting(example -> example.<Integer>getAs("dropped_tokens"))
                    .containsExactly(0, 0, tooLong.length - 32, 0);
            assertThat(examples)
                    .extracting(example -> Columns.tokens(example, "prompt"))
                    .containsOnly(new int[] {1, 9});
        }
    }

    @Test
    void theBestOfEachPromptIsTakenAndTiesByTheirNumber() throws IOException {
        StageContext context = LocalSpark.run(
                spark,
                folder.resolve("run"),
                RECIPE.formatted(TinyModels.tokenizer(folder.resolve("tokenizer.model"))));
        List<Row> rows = List.of(
                scored("tie", 2, 0.5, 12),
                scored("tie", 1, 0.5, 11),
                scored("tie", 0, -3, 10),
                scored("best last", 0, -2, 20),
                scored("best last", 1, -1, 21, 2),
                scored("silent", 0, 4),
                scored("silent", 1, 1, 31));
        spark.createDataFrame(rows, CandidateTable.SCORED)
                .repartition(3)
                .write()
                .parquet(context.path(ScoreStage.SCORED));
        StageReport report = new SelectStage().run(context);
        assertThat(context.read(SelectStage.SELECTED).orderBy("prompt_id").collectAsList())
                .extracting(row -> row.getAs("prompt_id") + " " + row.getAs("sample"))
                .containsExactly("best last 1", "silent 0", "tie 1");
        assertThat(context.read(SelectStage.EXAMPLES).orderBy("id").collectAsList())
                .as("an empty response cannot be learned")
                .extracting(row -> row.getAs("id") + " " + row.getList(row.fieldIndex("response")))
                .containsExactly("best last [21, 2]", "tie [11]");
        assertThat(report.number("selected")).isEqualTo(3);
        // (0.5 + 0.5 - 3 - 2 - 1 + 4 + 1) / 7; medians 0.5, -1.5 and 2.5; maxima 0.5, -1 and 4
        assertThat(report.number("mean_reward_of_all")).isCloseTo(0.0, within(1e-12));
        assertThat(report.number("mean_of_median_reward")).isCloseTo(0.5, within(1e-12));
        assertThat(report.number("mean_of_max_reward")).isCloseTo(3.5 / 3, within(1e-12));
    }
}
