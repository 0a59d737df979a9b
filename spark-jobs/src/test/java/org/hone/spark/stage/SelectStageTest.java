package org.hone.spark.stage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.hone.data.dialogue.Dialogue;
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
                "",
                0.0,
                "EOS",
                "reward model",
                reward);
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
