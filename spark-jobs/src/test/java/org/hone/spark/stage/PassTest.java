package org.hone.spark.stage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.hone.model.checkpoint.FolderChecksum;
import org.hone.spark.fixture.LocalSession;
import org.hone.spark.fixture.RoundToSample;
import org.hone.spark.run.StageReport;
import org.hone.spark.sampling.Fanout;
import org.hone.spark.table.CandidateTable;
import org.hone.spark.table.Table;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

/** Rounds of several passes, with a policy and a reward model of random weights. */
final class PassTest {
    private static final List<Stage> STAGES = List.of(
            new TemperatureStage(), new SampleStage(), new ScoreStage(), new SelectStage(), new FineTuneStage());
    private static final String RECIPE = """
            fine-tune: {start-from: newest-policy, learning-rate: 1.0e-2, batch-size: 2}
            rejection-sampling:
              prompts: 10
              passes: 3
              samples-per-prompt: 2
              max-new-tokens: 5
              temperature-search: {temperatures: [0.5, 1.5], prompts: 3}
            """;

    @TempDir
    private static Path folder;

    @LocalSession
    private static SparkSession spark;

    private static RoundToSample rounds;
    private static StageContext threePasses;
    private static Map<String, StageReport> reports;

    @BeforeAll
    static void start() throws IOException {
        rounds = new RoundToSample(spark, folder);
        threePasses = rounds.of("three", 12, RECIPE);
        reports = run(threePasses);
    }

    private static Map<String, StageReport> run(StageContext context) throws IOException {
        return Round.run(context, Pass.of(context.recipe().rejectionSampling().passes(), STAGES));
    }

    private static Map<String, Row> byId(StageContext context, Table table) {
        Map<String, Row> rows = new TreeMap<>();
        for (Row row : context.read(table).collectAsList()) {
            assertThat(rows.put(row.getAs("id"), row)).isNull();
        }
        return rows;
    }

    private static Set<String> prompts(Map<String, Row> rows) {
        Set<String> prompts = new TreeSet<>();
        rows.values().forEach(row -> prompts.add(row.getAs("prompt_id")));
        return prompts;
    }

    @Test
    void eachPassSamplesItsPromptsFromThePolicyThatTheOneBeforeMade() throws IOException {
        StageContext context = threePasses;
        List<String> names = new ArrayList<>();
        for (String pass : List.of("v1/pass-1/", "v1/pass-2/", "v1/")) {
            STAGES.forEach(stage -> names.add(pass + stage.name()));
        }
        assertThat(reports.keySet()).containsExactlyElementsOf(names);

        Map<String, Row> all = byId(context, SampleStage.CANDIDATES);
        assertThat(all).hasSize(10 * 2);
        Set<String> asked = new LinkedHashSet<>();
        Path run = folder.resolve("three/v1");
        List<Path> policies = List.of(
                run.resolve("sft/model"), run.resolve("pass-1/fine-tune/model"), run.resolve("pass-2/fine-tune/model"));
        List<Integer> shares = new ArrayList<>();
        for (int pass = 1; pass <= 3; pass++) {
            String policy = FolderChecksum.sha256(policies.get(pass - 1));
            Map<String, Row> own = new TreeMap<>(all);
            own.values().removeIf(row -> !row.getAs("policy").equals(policy));
            double temperature = context.folder()
                    .report(context.ofPass(pass).inRun(TemperatureStage.NAME))
                    .number("temperature");
            assertThat(own.values()).allMatch(row -> row.<Double>getAs("temperature") == temperature);
            if (pass < 3) {
                assertThat(byId(context.ofPass(pass), SampleStage.CANDIDATES)).isEqualTo(own);
            }
            shares.add(prompts(own).size());
            assertThat(asked).doesNotContainAnyElementsOf(prompts(own));
            asked.addAll(prompts(own));
            assertThat(prompts(byId(context.ofPass(pass), SelectStage.SELECTED)))
                    .as("the best of all prompts so far, whichever pass asked them")
                    .isEqualTo(asked);
        }
        assertThat(shares).containsExactly(3, 3, 4);
    }

    @Test
    void everyCandidateIsScoredOnceAndAsIfAllHadBeenAtOnce() throws IOException {
        StageContext context = threePasses;
        Table again = new Table("again", CandidateTable.SCORES);
        Fanout.score(
                context.read(SampleStage.CANDIDATES),
                RewardModelStage.models(context),
                context.progress(),
                "again",
                CandidateTable.SCORES,
                context.path(again));
        Map<String, Row> scores = byId(context, ScoreStage.SCORES);
        Map<String, Row> atOnce = byId(context, again);
        assertThat(scores).containsOnlyKeys(atOnce.keySet());
        scores.forEach((id, row) -> {
            Row same = Objects.requireNonNull(atOnce.get(id));
            assertThat(row.<Double>getAs("reward")).isCloseTo(same.getAs("reward"), within(1e-5));
        });
    }

    @Test
    void anInterruptedPassGoesOnToTheSameTables() throws IOException {
        StageContext context = threePasses;
        Map<String, Row> candidates = byId(context, SampleStage.CANDIDATES);
        Map<String, Row> selected = byId(context, SelectStage.SELECTED);
        for (Stage stage : Pass.of(3, STAGES).subList(9, 15)) {
            context.folder().storage().delete(context.path(stage.name() + "/_done.json"));
        }
        run(context);
        assertThat(byId(context, SampleStage.CANDIDATES)).isEqualTo(candidates);
        assertThat(byId(context, SelectStage.SELECTED)).isEqualTo(selected);
    }

    @Test
    void anAdaptivePassIsScoredByTheModelsThatDecidedHowLongItSampled() throws IOException {
        StageContext context = rounds.of(
                "adaptive",
                10,
                RECIPE.replace("passes: 3", "passes: 2")
                                .replace("samples-per-prompt: 2", "samples-per-prompt: 4")
                                .replace("temperature-search: {temperatures: [0.5, 1.5], prompts: 3}", "")
                        + "  adaptive: {first-samples: 2, least-gain: 0.01}\n");
        List<Stage> stages = Pass.of(2, STAGES.subList(1, STAGES.size()));
        // up to the scores of the last pass
        Round.run(context, stages.subList(0, stages.size() - 2));
        Map<String, Row> candidates = byId(context, SampleStage.CANDIDATES);
        assertThat(prompts(candidates)).hasSize(10);
        assertThat(candidates.size()).isBetween(10 * 2, 10 * 4);
        assertThat(byId(context, ScoreStage.SCORES)).containsOnlyKeys(candidates.keySet());
        StageReport sampled = context.folder().report(context.inRun(SampleStage.NAME));
        assertThat(sampled.number("candidates_of_fixed_k")).as("of both passes").isEqualTo(10 * 4);
        assertThat(sampled.number("saved_share")).isCloseTo(1 - candidates.size() / 40.0, within(1e-12));
    }

    @Test
    void theOnlyPassOfARoundIsTheRound() {
        assertThat(Pass.of(1, STAGES)).isEqualTo(STAGES);
    }

    @Test
    void morePassesThanPromptsAreRefused() throws IOException {
        StageContext context = rounds.of("few", 2, RECIPE).ofPass(1);
        assertThatThrownBy(() -> new SampleStage().run(context))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "rejection-sampling.passes: got 3, but there are only 2 prompts to sample in v1; lower it, or"
                                + " bring more data");
    }
}
