package org.hone.spark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.preference.PreferencePair;
import org.hone.spark.fixture.LocalSpark;
import org.hone.spark.fixture.PoolRows;
import org.hone.spark.run.StageReport;
import org.hone.spark.stage.ImportStage;
import org.hone.spark.stage.SampleStage;
import org.hone.spark.stage.ScoreStage;
import org.hone.spark.stage.SelectStage;
import org.hone.spark.stage.StageContext;
import org.hone.spark.table.PreferenceTable;
import org.hone.spark.table.Table;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Questions about a run whose first round is being fine-tuned. */
final class RunCommandsTest {
    private static final String RECIPE = """
            name: asked
            base-model: none
            preferences: {sources: [{name: hh, path: none, fine-tuning-target: true}]}
            """;
    private static final Dialogue PROMPT = Dialogue.ofUser("why is the sky blue?");
    private static final String PAIR = PreferencePair.idOf("hh", PROMPT, "light scatters", "no idea");

    @TempDir
    private static Path run;

    @BeforeAll
    static void run() throws IOException {
        try (SparkSession spark = LocalSpark.start()) {
            StageContext round = LocalSpark.run(spark, run, RECIPE);
            PreferencePair pair =
                    new PreferencePair(PAIR, PROMPT, "light scatters", "no idea", null, null, null, "hh", null, null);
            Row compared = PreferenceTable.row(pair);
            Row origin = RowFactory.create("file:/hh.jsonl", 17L, 0, "hh-rlhf");
            written(round, ImportStage.NAME, ImportStage.PREFERENCES, PoolRows.with(compared, origin));
            Row first = candidate("aaaa", 0, "light scatters");
            Row second = candidate("bbbb", 1, "because");
            written(round, SampleStage.NAME, SampleStage.CANDIDATES, first, second);
            Object[] scores = {"h", 1.5, "s", -0.25, 1.5};
            written(
                    round,
                    ScoreStage.NAME,
                    ScoreStage.SCORES,
                    PoolRows.with(RowFactory.create("aaaa", "prompt-7", 1), scores),
                    PoolRows.with(RowFactory.create("bbbb", "prompt-7", 1), "h", 0.5, null, null, 0.5));
            written(round, SelectStage.NAME, SelectStage.SELECTED, PoolRows.with(first, scores));
            written(
                    round,
                    SelectStage.NAME,
                    SelectStage.CURVES,
                    RowFactory.create(0.8, 1, 1L, 1.0, null, 1.0, null, 1.0, null));
        }
        Files.createDirectories(run.resolve("v1/fine-tune/checkpoints/step-000000000040"));
    }

    private static Row candidate(String id, int sample, String text) {
        return new PoolRows.Sampled(id, "prompt-7", PROMPT, false, 1, sample, 0.8, text, 3).row();
    }

    private static void written(StageContext round, String stage, Table table, Row... rows) throws IOException {
        StructType schema = table.schema();
        round.spark().createDataFrame(List.of(rows), schema).write().parquet(round.path(table));
        round.folder().commit(round.inRun(stage), new StageReport(Map.of("seconds", 2.5)));
    }

    @Test
    void statusSaysWhatIsDoneBegunAndToDo() {
        Shell status = Shell.run("status", run.toString());
        assertThat(status.exit()).as(status.err()).isZero();
        assertThat(status.lines().get(0)).endsWith("recipe asked");
        assertThat(status.lines().subList(1, status.lines().size()))
                .extracting(line -> line.strip().replaceAll(" {2,}", ": "))
                .containsExactly(
                        "v1/import: done in 2.5 s",
                        "v1/tokenise: to do",
                        "v1/sft: to do",
                        "v1/reward-model-helpfulness: to do",
                        "v1/evaluate-reward-model-helpfulness: to do",
                        "v1/sample: done in 2.5 s",
                        "v1/score: done in 2.5 s",
                        "v1/select: done in 2.5 s",
                        "v1/fine-tune: begun, checkpoint of step 40",
                        "v1/evaluate-policy: to do");
    }

    @Test
    void aCandidateSaysWhereItCameFromAndWhereItWent() {
        Shell selected = Shell.run("lineage", run.toString(), "aaaa");
        assertThat(selected.exit()).as(selected.err()).isZero();
        assertThat(selected.out())
                .contains(
                        "candidate aaaa",
                        "in v1, number 0 of its prompt",
                        "at temperature 0.8, seed 99",
                        "policy     policy-hash",
                        "prompt     prompt-7",
                        "user: why is the sky blue?",
                        "3 tokens, log-probability -3.0000, EOS",
                        "light scatters",
                        "in v1: reward 1.5000",
                        "helpfulness 1.5000 by h",
                        "safety -0.2500 by s",
                        "selected   in v1, for v1/fine-tune/model");
        Shell other = Shell.run("lineage", run.toString(), "bbbb");
        assertThat(other.out()).contains("reward 0.5000").doesNotContain("selected", "safety");
    }

    @Test
    void aPassOfARoundThatIsUnderWayIsFoundToo(@TempDir Path folder) throws IOException {
        try (SparkSession spark = LocalSpark.start()) {
            StageContext pass = LocalSpark.run(spark, folder, RECIPE + "rejection-sampling: {prompts: 4, passes: 2}\n")
                    .passes()
                    .get(0);
            Row sampled = candidate("aaaa", 0, "light scatters");
            Object[] scores = {"h", 1.5, null, null, 1.5};
            written(pass, SampleStage.NAME, SampleStage.CANDIDATES, sampled);
            written(
                    pass,
                    ScoreStage.NAME,
                    ScoreStage.SCORES,
                    PoolRows.with(RowFactory.create("aaaa", "prompt-7", 1), scores));
            written(pass, SelectStage.NAME, SelectStage.SELECTED, PoolRows.with(sampled, scores));
        }
        assertThat(Shell.run("lineage", folder.toString(), "aaaa").out())
                .contains(
                        "in v1, number 0 of its prompt",
                        "in v1: reward 1.5000",
                        "selected   in v1, pass 1, for v1/pass-1/fine-tune/model");
        assertThat(Shell.run("lineage", folder.toString(), "prompt-7").lines())
                .containsExactly("candidate aaaa  v1  light scatters");
        assertThat(Shell.run("status", folder.toString()).lines())
                .extracting(line -> line.strip().replaceAll(" {2,}", ": "))
                .containsSubsequence(
                        "v1/pass-1/select: done in 2.5 s", "v1/pass-1/fine-tune: to do", "v1/sample: to do");
    }

    @Test
    void promptsAndComparisonsAreFoundToo() {
        assertThat(Shell.run("lineage", run.toString(), "prompt-7").lines())
                .containsExactly("candidate aaaa  v1  light scatters", "candidate bbbb  v1  because");
        assertThat(Shell.run("lineage", run.toString(), PAIR).out())
                .contains("comparison " + PAIR, "source     hh", "file:/hh.jsonl", "record     17, read as hh-rlhf");
    }

    @Test
    void aReportShowsAnUnfinishedRunOfOneModelAsFarAsItIs() throws IOException {
        Shell report = Shell.run("report", run.toString());
        assertThat(report.exit()).as(report.err()).isZero();
        assertThat(report.lines())
                .singleElement()
                .asString()
                .startsWith("Page: file:")
                .endsWith("/report.html");
        assertThat(Files.readString(run.resolve("report.html")))
                .contains(
                        "\"axes\":[\"helpfulness\"]",
                        "\"rewardModels\":[{\"round\":1,\"axis\":\"helpfulness\",\"missing\":true}]",
                        "\"gains\":[{\"round\":1,\"missing\":true}]",
                        "\"selected\":[{\"round\":1,\"origins\":[{\"round\":1,\"n\":1,",
                        "{\"stage\":\"v1/fine-tune\",\"state\":\"begun\"}",
                        "\"samples\":[]");
    }

    @Test
    void whatIsNotThereIsSaid() {
        Shell nobody = Shell.run("lineage", run.toString(), "cccc");
        assertThat(nobody.exit()).isEqualTo(2);
        assertThat(nobody.err()).contains("cccc: no candidate, prompt or comparison");
        Shell nowhere = Shell.run("status", run.resolve("v1").toString());
        assertThat(nowhere.exit()).isEqualTo(2);
        assertThat(nowhere.err()).contains("holds no recipe.yaml, so it is not a run of Hone");
    }
}
