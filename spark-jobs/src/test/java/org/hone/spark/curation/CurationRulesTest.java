package org.hone.spark.curation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.hone.data.curation.LanguageRule;
import org.hone.data.curation.Proportion;
import org.hone.data.curation.RemovalRule;
import org.hone.data.curation.RowRules;
import org.hone.data.curation.SiteList;
import org.hone.data.curation.SourceRole;
import org.hone.data.curation.TextLimits;
import org.hone.spark.fixture.LocalSession;
import org.hone.spark.recipe.CurationRecipe;
import org.hone.spark.recipe.DecontaminationRecipe;
import org.hone.spark.recipe.HeldOutRecipe;
import org.hone.spark.recipe.MixturesRecipe;
import org.hone.spark.recipe.NearDuplicatesRecipe;
import org.hone.spark.table.DataTables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Rules that few recipes ask for, each alone, through Spark. */
final class CurationRulesTest {
    private static final MixturesRecipe NO_MIXTURES = new MixturesRecipe(false, 0.5, 0.1, Proportion.Shortage.SHRINK);

    @TempDir
    private static Path folder;

    @LocalSession
    private static SparkSession spark;

    private static int curations;

    /** Ids by table, and of removed rows "rule: detail" by id. */
    private record Result(
            Set<String> helpfulness,
            Set<String> safety,
            Set<String> sft,
            Set<String> documents,
            Map<String, String> removed,
            List<MixtureReport> mixtures) {}

    private static CurationRecipe recipe(NearDuplicatesRecipe near, LanguageRule languages, MixturesRecipe mixtures) {
        return new CurationRecipe(
                new RowRules(false, false, false, TextLimits.NONE, languages),
                null,
                false,
                false,
                near,
                new DecontaminationRecipe(false, 13, 5),
                new HeldOutRecipe(0, 0, 0.5),
                mixtures);
    }

    private static NearDuplicatesRecipe near(boolean dialogues, boolean prompts) {
        return new NearDuplicatesRecipe(dialogues, prompts, 0.8, 3, 128, 0.99, 32);
    }

    private static Result curate(
            CurationRecipe recipe, List<Row> pairs, List<Row> sft, List<Row> documents, int partitions) {
        CurationInput input = new CurationInput(
                CurationWorld.table(spark, pairs, DataTables.PREFERENCES.schema(), partitions, partitions),
                CurationWorld.table(spark, sft, DataTables.SFT.schema(), partitions, partitions),
                CurationWorld.table(spark, List.of(), DataTables.PROMPTS.schema(), 1, 1),
                CurationWorld.table(spark, documents, DataTables.DOCUMENTS.schema(), partitions, partitions),
                CurationWorld.roles().stream()
                        .map(role -> new SourceRole(role.source(), role.axis(), role.origin(), 1, role.preference()))
                        .toList(),
                List.of(),
                SiteList.NONE);
        String work = folder.resolve("work-" + curations++).toString();
        try (CuratedTables curated = new Curation(recipe, 3, work).curate(input)) {
            Map<String, String> removed = new TreeMap<>();
            curated.removed()
                    .collectAsList()
                    .forEach(row -> removed.put(row.getAs("id"), row.getAs("rule") + ": " + row.getAs("detail")));
            return new Result(
                    ids(curated.helpfulness()),
                    ids(curated.safety()),
                    ids(curated.sft()),
                    ids(curated.documents()),
                    removed,
                    curated.mixtures());
        }
    }

    private static Set<String> ids(Dataset<Row> rows) {
        Set<String> ids = new TreeSet<>();
        rows.select("id").collectAsList().forEach(row -> ids.add(row.getString(0)));
        return ids;
    }

    private static String id(Row row) {
        return row.getString(0);
    }

    private static String named(RemovalRule rule, String detail) {
        return rule.text() + ": " + detail;
    }

    /** Four responses to each prompt of 400 words: six comparisons, nine tenths of whose words are the prompt's. */
    @Test
    void comparisonsOfOtherResponsesToOnePromptStay() {
        List<Row> pairs = new ArrayList<>();
        Map<String, String> repeats = new TreeMap<>();
        for (int prompt = 0; prompt < 10; prompt++) {
            SplittableRandom random = new SplittableRandom(prompt);
            String asked = CurationWorld.words(prompt, 400);
            for (int chosen = 0; chosen < 4; chosen++) {
                for (int rejected = chosen + 1; rejected < 4; rejected++) {
                    String better = CurationWorld.words(1_000 + prompt * 10 + chosen, 40);
                    String worse = CurationWorld.words(1_000 + prompt * 10 + rejected, 40);
                    Row pair = CurationWorld.comparison(asked, better, worse, null, "our-help", 1);
                    pairs.add(pair);
                    if (rejected == 3) {
                        // one word other in each part; from a source that stands later
                        String again = CurationWorld.edited(asked, random);
                        Row repeat = CurationWorld.comparison(
                                again,
                                CurationWorld.edited(better, random),
                                CurationWorld.edited(worse, random),
                                null,
                                "open-help",
                                1);
                        pairs.add(repeat);
                        repeats.put(id(repeat), named(RemovalRule.NEAR_DUPLICATE, id(pair)));
                    }
                }
            }
        }
        assertThat(repeats).hasSize(30);
        // the same response to another question about the same passage, and another response to the same question
        List<Row> sft = new ArrayList<>();
        String passage = CurationWorld.words(77, 300);
        sft.add(CurationWorld.demonstration("first", passage, CurationWorld.words(1, 30)));
        sft.add(CurationWorld.demonstration("other response", passage, CurationWorld.words(2, 30)));
        sft.add(CurationWorld.demonstration("repeat", passage + " so", CurationWorld.words(1, 30)));
        repeats.put("first", named(RemovalRule.NEAR_DUPLICATE, "repeat"));
        CurationRecipe recipe = recipe(near(true, false), LanguageRule.ANY, NO_MIXTURES);
        for (int partitions : new int[] {1, 5}) {
            Result result = curate(recipe, pairs, sft, List.of(), partitions);
            assertThat(result.removed()).isEqualTo(repeats);
            assertThat(result.helpfulness()).hasSize(60);
            assertThat(result.sft()).containsExactly("other response", "repeat");
        }
    }

    @Test
    void nearDuplicatesOverPromptsLeaveOneRowAPrompt() {
        List<Row> pairs = new ArrayList<>();
        Map<String, String> expected = new TreeMap<>();
        Set<String> stay = new TreeSet<>();
        for (int prompt = 0; prompt < 8; prompt++) {
            String asked = CurationWorld.words(prompt, 30);
            Row best = CurationWorld.comparison(
                    asked,
                    CurationWorld.words(100 + prompt, 9),
                    CurationWorld.words(200 + prompt, 9),
                    null,
                    "our-help",
                    1);
            Row later = CurationWorld.comparison(
                    asked + " please",
                    CurationWorld.words(300 + prompt, 9),
                    CurationWorld.words(400 + prompt, 9),
                    null,
                    "open-help",
                    1);
            // shares the responses, and half of the prompt
            Row other = CurationWorld.comparison(
                    CurationWorld.words(prompt, 15) + " " + CurationWorld.words(500 + prompt, 15),
                    CurationWorld.words(100 + prompt, 9),
                    CurationWorld.words(200 + prompt, 9),
                    null,
                    "open-help",
                    1);
            pairs.addAll(List.of(later, best, other));
            expected.put(id(later), named(RemovalRule.NEAR_DUPLICATE, "prompt of " + id(best)));
            stay.addAll(List.of(id(best), id(other)));
        }
        String passage = CurationWorld.words(99, 60);
        List<Row> sft = List.of(
                CurationWorld.demonstration("long", passage, CurationWorld.words(1, 30)),
                CurationWorld.demonstration("short", passage, CurationWorld.words(2, 10)));
        expected.put("short", named(RemovalRule.NEAR_DUPLICATE, "prompt of long"));
        List<Row> documents =
                List.of(CurationWorld.document("a", passage + " a"), CurationWorld.document("b", passage + " b"));
        for (int partitions : new int[] {1, 4}) {
            CurationRecipe recipe = recipe(near(false, true), LanguageRule.ANY, NO_MIXTURES);
            Result result = curate(recipe, pairs, sft, documents, partitions);
            assertThat(result.removed()).isEqualTo(expected);
            assertThat(result.helpfulness()).isEqualTo(stay);
            assertThat(result.documents()).containsExactly("a", "b");
        }
        // with dialogues too, documents are compared, and rows that it removed are not named again
        Result both = curate(recipe(near(true, true), LanguageRule.ANY, NO_MIXTURES), pairs, sft, documents, 2);
        expected.put("b", named(RemovalRule.NEAR_DUPLICATE, "a"));
        assertThat(both.removed()).isEqualTo(expected);
    }

    @Test
    void rowsInOtherLanguagesAreRemovedUnlessTooShortToTell() {
        String english = "Could you explain to me how the tides work, and why the sea rises and falls twice a day?";
        String german = "Könntest du mir bitte erklären, warum das Meer zweimal am Tag steigt und wieder fällt, und wie"
                + " der Mond damit zusammenhängt?";
        String french = "Pourriez-vous m'expliquer pourquoi la mer monte et descend deux fois par jour, et quel est le"
                + " rôle de la lune dans ce mouvement ?";
        List<Row> pairs = List.of(
                CurationWorld.comparison(
                        english, "The moon pulls at the water.", "I do not know.", null, "our-help", 1),
                CurationWorld.comparison(
                        german, "Der Mond zieht am Wasser.", "Das weiß ich nicht.", null, "our-help", 1),
                CurationWorld.comparison("Warum ist das so?", "Weil es so ist.", "Nein.", null, "our-help", 1));
        List<Row> sft = List.of(
                CurationWorld.demonstration("english", english, "The moon pulls at the water."),
                CurationWorld.demonstration("french", french, "La lune attire l'eau des océans."));
        List<Row> documents = List.of(
                CurationWorld.document("german", german + "\n" + german), CurationWorld.document("english", english));
        LanguageRule languages = new LanguageRule(List.of("eng"), 60);
        Result result = curate(recipe(near(false, false), languages, NO_MIXTURES), pairs, sft, documents, 2);
        assertThat(result.removed())
                .isEqualTo(Map.of(
                        id(pairs.get(1)),
                        named(RemovalRule.LANGUAGE, "deu"),
                        "french",
                        named(RemovalRule.LANGUAGE, "fra"),
                        "german",
                        named(RemovalRule.LANGUAGE, "deu")));
        assertThat(result.helpfulness()).containsExactlyInAnyOrder(id(pairs.get(0)), id(pairs.get(2)));
        LanguageRule more = new LanguageRule(List.of("eng", "deu", "fra"), 60);
        assertThat(curate(recipe(near(false, false), more, NO_MIXTURES), pairs, sft, documents, 2)
                        .removed())
                .isEmpty();
    }

    /** 30 of our own helpfulness, 8 published, 2 of safety: 30 others are wished, 10 are there. */
    @Test
    void aShortageIsKeptOrShrinksTheMixture() {
        List<Row> pairs = new ArrayList<>();
        Set<String> own = new TreeSet<>();
        for (int i = 0; i < 40; i++) {
            String source = i < 30 ? "our-help" : i < 38 ? "open-help" : "open-safe";
            Row pair = CurationWorld.comparison(
                    CurationWorld.words(i, 8),
                    CurationWorld.words(100 + i, 8),
                    CurationWorld.words(200 + i, 8),
                    null,
                    source,
                    1);
            pairs.add(pair);
            if (i < 30) {
                own.add(id(pair));
            }
        }
        Result kept = mixed(pairs, Proportion.Shortage.KEEP);
        assertThat(kept.helpfulness()).hasSize(40).containsAll(own);
        assertThat(kept.removed()).isEmpty();
        MixtureReport report = kept.mixtures().get(0);
        assertThat(report.drawn()).isEqualTo(new Proportion(30, 10));
        assertThat(report.available()).isEqualTo(new Proportion(30, 10));
        assertThat(report.isShort()).isTrue();

        Result shrunk = mixed(pairs, Proportion.Shortage.SHRINK);
        assertThat(shrunk.mixtures().get(0).drawn()).isEqualTo(new Proportion(10, 10));
        assertThat(shrunk.helpfulness()).hasSize(20);
        // 2 of safety and round(2 / 9) = 0 others; what no mixture needs is removed
        assertThat(shrunk.safety()).hasSize(2);
        assertThat(shrunk.removed()).hasSize(20);
        assertThat(shrunk.removed().values()).containsOnly(named(RemovalRule.NOT_DRAWN, "no mixture needed it"));
        assertThat(own).containsAll(shrunk.removed().keySet());
    }

    private static Result mixed(List<Row> pairs, Proportion.Shortage shortage) {
        MixturesRecipe mixtures = new MixturesRecipe(true, 0.5, 0.1, shortage);
        return curate(recipe(near(false, false), LanguageRule.ANY, mixtures), pairs, List.of(), List.of(), 2);
    }
}
