package org.hone.spark.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.hone.data.curation.SourceRole.Axis;
import org.hone.data.dialogue.Dialogue;
import org.hone.spark.fixture.PoolRows;
import org.hone.spark.quickstart.GoldStage;
import org.hone.spark.run.StageReport;
import org.hone.spark.stage.EvaluatePolicyStage;
import org.hone.spark.stage.EvaluateRewardModelStage;
import org.hone.spark.stage.SampleStage;
import org.hone.spark.stage.ScoreStage;
import org.hone.spark.stage.SelectStage;
import org.hone.spark.stage.StageContext;
import org.hone.spark.stage.TemperatureStage;
import org.hone.spark.table.Table;

/** Two rounds of two prompts with two candidates each, written down by hand; the second round has not evaluated its policy. */
record HandWrittenRun(StageContext first) {
    static final String RECIPE = """
            name: written
            base-model: none
            preferences:
              sources:
              - {name: helpful, path: none, fine-tuning-target: true}
              - {name: harmless, path: none, axis: safety}
            """;

    static final String HOSTILE = "</script><script>alert(1)</script><!-- <b>bold</b>";

    void write() throws IOException {
        round(first, 0);
        StageContext second = first.ofRound(2);
        sampled(second, 1);
        evaluatedPolicy(first);
        gold(first);
        temperature(second);
    }

    /** A round of two passes, of which the first has drawn half of the candidates, and the second is still to search a temperature. */
    void writePasses() throws IOException {
        StageContext one = first.passes().get(0);
        written(
                one,
                SampleStage.CANDIDATES,
                response(1, "c0", "prompt-0", 0, "text 0", 1),
                response(1, "c1", "prompt-0", 1, "text 1", 2));
        done(one, SampleStage.CANDIDATES, Map.of("seconds", 5.0));
        done(one, ScoreStage.SCORES, Map.of("seconds", 1.0));
        temperature(one);
        sampled(first.passes().get(1), 0);
    }

    private static void round(StageContext round, double shift) throws IOException {
        sampled(round, shift);
        Table helpful = new EvaluateRewardModelStage(Axis.HELPFULNESS).rewards();
        written(
                round,
                helpful,
                // right and shorter; a tie; wrong and longer; right and longer
                RowFactory.create("p1", "a<b", "BETTER", 2.0, 0.0, 5, 9),
                RowFactory.create("p2", "a<b", "BETTER", 1.0, 1.0, 7, 3),
                RowFactory.create("p3", "c", null, 0.0, 2.0, 8, 4),
                RowFactory.create("p4", "c", "SLIGHTLY_BETTER", 3.0, 1.0, 6, 2));
        done(round, helpful, Map.of("seconds", 2.0));
    }

    /** Candidates with rewards 0 to 3, moved by what a round adds; the best of each prompt is selected. */
    private static void sampled(StageContext round, double shift) throws IOException {
        List<Row> candidates = new ArrayList<>();
        List<Row> scores = new ArrayList<>();
        List<Row> selected = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Row candidate = response(round.round(), "c" + i, "prompt-" + i / 2, i % 2, "text " + i, i + 1);
            candidates.add(candidate);
            Object[] rewards = {"h", i + shift, "s", -i - shift, i + shift};
            scores.add(PoolRows.with(
                    RowFactory.create("v" + round.round() + "c" + i, "prompt-" + i / 2, round.round()), rewards));
            if (round.round() > 1) {
                scores.add(PoolRows.with(
                        RowFactory.create("v1c" + i, "prompt-" + i / 2, 1), "h", i + 0.5, "s", -2.0, i + 0.5));
            }
            if (i % 2 == 1) {
                selected.add(PoolRows.with(candidate, rewards));
            }
        }
        written(round, SampleStage.CANDIDATES, candidates.toArray(Row[]::new));
        done(round, SampleStage.CANDIDATES, Map.of("candidates", 4, "tokens", 10, "seconds", 5.0));
        written(round, ScoreStage.SCORES, scores.toArray(Row[]::new));
        done(round, ScoreStage.SCORES, Map.of("seconds", 1.0));
        written(round, SelectStage.SELECTED, selected.toArray(Row[]::new));
        written(
                round,
                SelectStage.CURVES,
                RowFactory.create(1.0, 1, 2L, 1.5, 0.5, 1.5, 0.5, 1.5, 0.5),
                RowFactory.create(1.0, 2, 2L, 2.0, null, 1.5, null, 1.5, null),
                RowFactory.create(1.0, 3, 1L, 9.0, null, 9.0, null, 9.0, null));
        done(round, SelectStage.SELECTED, Map.of("seconds", 1.5));
    }

    private static void evaluatedPolicy(StageContext round) throws IOException {
        Row before = response(1, "b0", "held-0", 0, "before", 2);
        Row after = response(1, "a0", "held-0", 0, HOSTILE, 3);
        Row second = response(1, "a1", "held-1", 0, "fine", 4);
        written(
                round,
                EvaluatePolicyStage.BEFORE,
                PoolRows.with(before, "h", 1.0, "s", 0.0, 1.0),
                PoolRows.with(second, "h", 2.0, "s", 0.0, 2.0));
        written(
                round,
                EvaluatePolicyStage.AFTER,
                PoolRows.with(after, "h", 3.0, "s", 0.5, 3.0),
                PoolRows.with(second, "h", 2.0, "s", 0.0, 2.0));
        done(
                round,
                EvaluatePolicyStage.AFTER,
                Map.of(
                        "prompts",
                        2,
                        "mean_gain",
                        1.0,
                        "gain_95_half_width",
                        1.96,
                        "policy_before",
                        "v1/sft/model",
                        "best_policy",
                        "v1/fine-tune/model",
                        "seconds",
                        4.0));
    }

    private static void gold(StageContext round) throws IOException {
        written(round, GoldStage.BEFORE, RowFactory.create("held-0", 0, "why?", "before", 1.0, -0.5));
        written(round, GoldStage.AFTER, RowFactory.create("held-0", 0, "why?", HOSTILE, 3.0, 1.25));
        done(
                round,
                GoldStage.AFTER,
                Map.of(
                        "prompts",
                        1,
                        "gold_before",
                        -0.5,
                        "gold_after",
                        1.25,
                        "gold_gain",
                        1.75,
                        "gold_gain_95_half_width",
                        0.5));
    }

    private static void temperature(StageContext round) throws IOException {
        written(
                round,
                TemperatureStage.CURVES,
                RowFactory.create(0.5, 1, 2L, 1.0, 0.1, 1.0, 0.1, 1.0, 0.1),
                RowFactory.create(1.5, 1, 2L, 2.0, 0.1, 2.0, 0.1, 2.0, 0.1));
        done(round, TemperatureStage.CURVES, Map.of("temperature", 1.5, "seconds", 3.0));
    }

    private static Row response(int round, String id, String prompt, int sample, String text, int tokens) {
        return new PoolRows.Sampled(
                        "v" + round + id,
                        prompt,
                        Dialogue.ofUser("why is " + prompt + " <i>so</i>?"),
                        prompt.endsWith("1"),
                        round,
                        sample,
                        1.0,
                        text,
                        tokens)
                .row();
    }

    private static void written(StageContext round, Table table, Row... rows) {
        round.spark()
                .createDataFrame(List.of(rows), table.schema())
                .coalesce(1)
                .write()
                .parquet(round.path(table));
    }

    static void done(StageContext round, Table table, Map<String, Object> figures) throws IOException {
        String stage = table.name().substring(0, table.name().indexOf('/'));
        round.folder().commit(round.inRun(stage), new StageReport(figures));
    }
}
