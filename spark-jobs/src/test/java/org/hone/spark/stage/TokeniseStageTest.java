package org.hone.spark.stage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.hone.data.curation.SourceRole.Axis;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.dialogue.Role;
import org.hone.data.dialogue.Turn;
import org.hone.data.preference.PreferencePair;
import org.hone.data.preference.Rating;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.spark.fixture.LocalSession;
import org.hone.spark.fixture.LocalSpark;
import org.hone.spark.fixture.TinyModels;
import org.hone.spark.run.StageReport;
import org.hone.spark.table.Columns;
import org.hone.spark.table.PreferenceTable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

final class TokeniseStageTest {
    private static final int CONVERSATIONS = 400;
    private static final double HELD_OUT = 0.25;

    private static final List<@Nullable Rating> RATINGS = Arrays.asList(
            Rating.SIGNIFICANTLY_BETTER,
            Rating.BETTER,
            Rating.SLIGHTLY_BETTER,
            Rating.NEGLIGIBLY_BETTER_OR_UNSURE,
            null);
    private static final Map<String, PreferencePair> PAIRS = pairs();

    @TempDir
    private static Path folder;

    @LocalSession
    private static SparkSession spark;

    private static StageContext context;
    private static StageReport report;
    private static Path tokenizer;

    /** Of every conversation one comparison after its first turn and one after its second, rated in turn. */
    private static Map<String, PreferencePair> pairs() {
        Map<String, PreferencePair> pairs = new HashMap<>();
        for (int i = 0; i < CONVERSATIONS; i++) {
            Turn first = new Turn(Role.USER, "question " + i);
            Dialogue longer = new Dialogue(
                    List.of(first, new Turn(Role.ASSISTANT, "well"), new Turn(Role.USER, "and then " + i + "?")));
            add(pairs, new Dialogue(List.of(first)), "yes " + i, i);
            add(pairs, longer, "yes again", i);
            add(pairs, longer, "another yes", i + 1);
        }
        return pairs;
    }

    private static void add(Map<String, PreferencePair> pairs, Dialogue prompt, String chosen, int i) {
        Rating rating = RATINGS.get(i % RATINGS.size());
        String source = i % 2 == 0 ? "imitated" : "judged";
        String id = PreferencePair.idOf(source, prompt, chosen, "no");
        pairs.put(id, new PreferencePair(id, prompt, chosen, "no", rating, null, null, source, null, null));
    }

    @BeforeAll
    static void tokenise() throws IOException {
        tokenizer = TinyModels.tokenizer(folder.resolve("tokenizer.model"));
        String recipe = """
                name: tokenise
                base-model: none
                tokenizer: "%s"
                template: plain
                max-length: 96
                preferences:
                  held-out-fraction: %s
                  sources:
                    - {name: imitated, path: none, fine-tuning-target: true}
                    - {name: judged, path: none}
                rejection-sampling: {max-new-tokens: 8}
                """.formatted(tokenizer, HELD_OUT);
        context = LocalSpark.run(spark, folder.resolve("run"), recipe);
        spark.createDataFrame(PAIRS.values().stream().map(PreferenceTable::row).toList(), PreferenceTable.SCHEMA)
                .write()
                .parquet(context.path(ImportStage.PREFERENCES));
        report = new TokeniseStage().run(context);
    }

    private static List<Row> rows(org.hone.spark.table.Table table) {
        return context.read(table).collectAsList();
    }

    private static PreferencePair pair(Row row) {
        return Objects.requireNonNull(PAIRS.get(row.<String>getAs("id")), "id");
    }

    private static Set<String> conversations(List<Row> rows) {
        Set<String> conversations = new HashSet<>();
        rows.forEach(row -> conversations.add(pair(row).prompt().firstUserTurn()));
        return conversations;
    }

    @Test
    void everyPairIsOnOneSide() {
        List<String> ids = new ArrayList<>();
        rows(TokeniseStage.pairs(Axis.HELPFULNESS)).forEach(row -> ids.add(row.getAs("id")));
        rows(TokeniseStage.heldOutPairs(Axis.HELPFULNESS)).forEach(row -> ids.add(row.getAs("id")));
        assertThat(ids).containsExactlyInAnyOrderElementsOf(PAIRS.keySet());
        assertThat(report.number("training_pairs helpfulness") + report.number("held_out_pairs helpfulness"))
                .isEqualTo(PAIRS.size());
        // 400 conversations, each held out with probability 1/4: 0.09 is four standard deviations.
        assertThat(report.number("held_out_pairs helpfulness") / PAIRS.size()).isCloseTo(HELD_OUT, within(0.09));
    }

    @Test
    void noConversationIsOnBothSides() {
        Set<String> heldOut = conversations(rows(TokeniseStage.heldOutPairs(Axis.HELPFULNESS)));
        assertThat(heldOut).isNotEmpty();
        assertThat(conversations(rows(TokeniseStage.pairs(Axis.HELPFULNESS)))).doesNotContainAnyElementsOf(heldOut);
        assertThat(conversations(rows(TokeniseStage.EXAMPLES))).doesNotContainAnyElementsOf(heldOut);
        for (Row prompt : rows(TokeniseStage.PROMPTS)) {
            assertThat(heldOut.contains(Columns.dialogue(prompt, "prompt").firstUserTurn()))
                    .isEqualTo(prompt.<Boolean>getAs("held_out"));
        }
    }

    @Test
    void everyPromptStandsOnce() {
        Set<Dialogue> expected = new HashSet<>();
        PAIRS.values().forEach(pair -> expected.add(pair.prompt()));
        assertThat(rows(TokeniseStage.PROMPTS))
                .extracting(row -> Columns.dialogue(row, "prompt"))
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(report.number("training_prompts") + report.number("held_out_prompts"))
                .isEqualTo(2 * CONVERSATIONS);
    }

    @Test
    void onlyTheWishedSourcesAreImitated() {
        List<Row> examples = rows(TokeniseStage.EXAMPLES);
        assertThat(examples).isNotEmpty().allMatch(row -> pair(row).source().equals("imitated"));
        Set<String> trained = new HashSet<>();
        rows(TokeniseStage.pairs(Axis.HELPFULNESS)).forEach(row -> {
            if (row.<String>getAs("source").equals("imitated")) {
                trained.add(row.getAs("id"));
            }
        });
        assertThat(examples).extracting(row -> row.<String>getAs("id")).containsExactlyInAnyOrderElementsOf(trained);
    }

    /** The small margins of Llama 2 (arXiv 2307.09288, table 27): 1, 2/3, 1/3 and 0. */
    @Test
    void marginsFollowTheRatings() {
        Map<String, Float> margins = new HashMap<>();
        for (Row row : rows(TokeniseStage.pairs(Axis.HELPFULNESS))) {
            String rating = String.valueOf(row.<Object>getAs("rating"));
            float margin = row.<Float>getAs("margin");
            assertThat(margins.merge(rating, margin, (a, b) -> b)).isEqualTo(margin);
        }
        assertThat(margins)
                .containsOnly(
                        Map.entry("SIGNIFICANTLY_BETTER", 1f),
                        Map.entry("BETTER", 2 / 3f),
                        Map.entry("SLIGHTLY_BETTER", 1 / 3f),
                        Map.entry("NEGLIGIBLY_BETTER_OR_UNSURE", 0f),
                        Map.entry("null", 0f));
    }

    @Test
    void tokensSayWhatTheTextsSaid() throws IOException {
        try (Tokenizer opened = Tokenizer.open(tokenizer)) {
            for (Row row : rows(TokeniseStage.pairs(Axis.HELPFULNESS)).subList(0, 20)) {
                int[] prompt = Columns.tokens(row, "prompt");
                int[] chosen = Columns.tokens(row, "chosen");
                assertThat(prompt[0]).isEqualTo(opened.bosId());
                assertThat(opened.decode(prompt)).endsWith("\n\nAssistant:").contains("question ");
                assertThat(chosen[chosen.length - 1]).isEqualTo(opened.eosId());
                assertThat(opened.decode(chosen)).isEqualTo(pair(row).chosen());
                assertThat(opened.decode(Columns.tokens(row, "rejected"))).isEqualTo("no");
            }
        }
    }
}
