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
import org.hone.spark.fixture.LocalSession;
import org.hone.spark.fixture.LocalSpark;
import org.hone.spark.fixture.TinyModels;
import org.hone.spark.run.StageReport;
import org.hone.spark.table.CandidateTable;
import org.hone.spark.table.Columns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

final class SelectStageTest {
    private static final String RECIPE = """
            name: select
            base-model: none
            tokenizer: "%s"
            preferences: {sources: [{name: hh, path: none, fine-tuning-target: true}]}
            select: {%s}
            """;

    /** A response of the pool. */
    private record Response(
            int round,
            String prompt,
            int sample,
            double reward,
            String text,
            String finishReason,
            List<Integer> tokens) {
        /** One of a token a word. */
        Response(int round, String prompt, int sample, double reward, String text) {
            this(
                    round,
                    prompt,
                    sample,
                    reward,
                    text,
                    "EOS",
                    text.isEmpty()
                            ? List.of()
                            : Arrays.stream(text.split(" ")).map(String::length).toList());
        }

        String id() {
            return round + " " + prompt + " " + sample;
        }

        Row candidate() {
            return RowFactory.create(
                    id(),
                    prompt,
                    sample,
                    round,
                    "policy",
                    1.0,
                    0L,
                    Columns.turns(Dialogue.ofUser(prompt)),
                    false,
                    new Integer[] {1, 9},
                    tokens.toArray(Integer[]::new),
                    text,
                    0.0,
                    new Float[0],
                    finishReason);
        }

        Row score() {
            return RowFactory.create(id(), prompt, round, "h", reward, null, null, reward);
        }
    }

    private static final List<Response> POOL = List.of(
            new Response(1, "tie", 2, 0.5, "the one that came later"),
            new Response(1, "tie", 1, 0.5, "the one that came first"),
            new Response(2, "tie", 0, 0.5, "the one of the second round"),
            new Response(1, "old", 0, 3, "sing a song of sixpence today"),
            new Response(1, "old", 1, 2.5, "sing a song of sixpence today!"),
            new Response(2, "old", 0, -1, "no"),
            new Response(2, "old", 1, 1, "another answer of some words"),
            new Response(2, "silent", 0, 4, ""),
            new Response(2, "silent", 1, -2, "hm"));

    @LocalSession
    private static SparkSession spark;

    @TempDir
    private Path folder;

    private StageReport report = new StageReport(java.util.Map.of());

    /** Selects in the second round; returns the ids. */
    private List<String> select(String options) throws IOException {
        StageContext context = pool(options.replaceAll("[^a-z0-9]+", " "), "", options, POOL);
        report = new SelectStage().run(context);
        List<String> selected = ids(context.read(SelectStage.SELECTED).collectAsList());
        assertThat(ids(context.read(SelectStage.EXAMPLES).collectAsList()))
                .as("what is fine-tuned on")
                .isEqualTo(selected);
        return selected;
    }

    /** The second round of a run that has sampled and scored. */
    private StageContext pool(String name, String recipe, String options, List<Response> responses) throws IOException {
        StageContext context = LocalSpark.run(
                        spark,
                        folder.resolve("run " + name),
                        RECIPE.formatted(TinyModels.tokenizer(folder.resolve("tokenizer.model")), options) + recipe)
                .ofRound(2);
        for (int round = 1; round <= 2; round++) {
            int number = round;
            List<Row> candidates = responses.stream()
                    .filter(response -> response.round() == number)
                    .map(Response::candidate)
                    .toList();
            spark.createDataFrame(candidates, CandidateTable.CANDIDATES)
                    .repartition(3)
                    .write()
                    .parquet(context.ofRound(round).path(SampleStage.CANDIDATES));
        }
        spark.createDataFrame(responses.stream().map(Response::score).toList(), CandidateTable.SCORES)
                .repartition(2)
                .write()
                .parquet(context.path(ScoreStage.SCORES));
        return context;
    }

    private static List<String> ids(List<Row> rows) {
        return rows.stream().map(row -> row.<String>getAs("id")).sorted().toList();
    }

    /** A stop text is not learned, even where it begins within a token; a text too long for the row loses its end. */
    @Test
    void whatAStopTextEndedIsLearnedAsItsTextAndEos() throws IOException {
        Path model = TinyModels.tokenizer(folder.resolve("tokenizer.model"));
        List<Response> responses = List.of(
                new Response(2, "a", 0, 1, "the dog", "STOP", List.of(31, 32, 33)),
                new Response(2, "b: at once", 0, 1, "", "STOP", List.of(31)),
                new Response(2, "c: long", 0, 1, "犬".repeat(12), "STOP", List.of(31, 32)),
                new Response(2, "d: whole", 0, 1, "the dog", "LENGTH", List.of(31, 32, 33)));
        StageContext context = pool("stop", "max-length: 34\nrejection-sampling: {max-new-tokens: 8}\n", "", responses);
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
    void theBestOfAllRoundsIsTakenAndOfEqualsTheOneThatWasSampledFirst() throws IOException {
        assertThat(select("")).containsExactly("1 old 0", "1 tie 1", "2 silent 1");
        assertThat(report.number("selected")).isEqualTo(3);
        assertThat(report.number("selected of v1")).isEqualTo(2);
        assertThat(report.number("selected of v2")).isEqualTo(1);
        // of this round's: (0.5 - 1 + 1 + 4 - 2) / 5; medians 0.5, 0 and 1; maxima 0.5, 1 and 4
        assertThat(report.number("mean_reward_of_all")).isCloseTo(0.5, within(1e-12));
        assertThat(report.number("mean_of_median_reward")).isCloseTo(0.5, within(1e-12));
        assertThat(report.number("mean_of_max_reward")).isCloseTo(5.5 / 3, within(1e-12));
        assertThat(report.number("mean_reward_of_selected")).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void theLastRoundAloneCanBeAskedFor() throws IOException {
        assertThat(select("from: last-round")).containsExactly("2 old 1", "2 silent 1", "2 tie 0");
    }

    @Test
    void severalOfAPromptAreOtherWords() throws IOException {
        assertThat(select("per-prompt: 2"))
                .as("the same words with another stop are no second response")
                .containsExactly("1 old 0", "1 tie 1", "1 tie 2", "2 old 1", "2 silent 1");
        assertThat(select("per-prompt: 2, near-duplicates: 0.2"))
                .as("the one that came …")
                .containsExactly("1 old 0", "1 tie 1", "2 old 1", "2 silent 1", "2 tie 0");
    }

    @Test
    void poorOnesStayOut() throws IOException {
        assertThat(select("least-reward: 0.5")).containsExactly("1 old 0", "1 tie 1");
        assertThat(select("top-share: 0.6")).containsExactly("1 old 0", "1 tie 1");
        assertThatThrownBy(() -> select("least-reward: 5"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lower select.least-reward (5.0)");
    }
}
