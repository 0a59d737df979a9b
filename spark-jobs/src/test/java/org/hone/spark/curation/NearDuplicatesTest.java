package org.hone.spark.curation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.hone.data.curation.LanguageRule;
import org.hone.data.curation.RowRules;
import org.hone.data.curation.SiteList;
import org.hone.data.curation.SourceRole;
import org.hone.data.curation.TextLimits;
import org.hone.spark.fixture.LocalSession;
import org.hone.spark.recipe.DecontaminationRecipe;
import org.hone.spark.recipe.NearDuplicatesRecipe;
import org.hone.spark.table.DataTables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** MinHash LSH against brute force over sets of strings, which shares no code with it. */
final class NearDuplicatesTest {
    private static final int WIDTH = 3;

    @TempDir
    private static Path folder;

    @LocalSession
    private static SparkSession spark;

    /** Originals and up to three copies of each, with a few words changed. */
    private static List<String> texts(int originals) {
        SplittableRandom random = new SplittableRandom(11);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < originals; i++) {
            String[] words = new String[20 + random.nextInt(80)];
            for (int j = 0; j < words.length; j++) {
                words[j] = "w" + random.nextInt(500);
            }
            texts.add(String.join(" ", words));
            for (int copy = random.nextInt(4); copy > 0; copy--) {
                String[] edited = words.clone();
                for (int edits = random.nextInt(6); edits > 0; edits--) {
                    edited[random.nextInt(edited.length)] = "v" + random.nextInt(500);
                }
                texts.add(String.join(" ", edited));
            }
        }
        return texts;
    }

    private static Set<String> shingles(String text) {
        String[] words = text.split(" ", -1);
        Set<String> set = new HashSet<>();
        for (int i = 0; i + WIDTH <= words.length; i++) {
            set.add(words[i] + " " + words[i + 1] + " " + words[i + 2]);
        }
        return set;
    }

    private static double similarity(Set<String> one, Set<String> other) {
        Set<String> shared = new HashSet<>(one);
        shared.retainAll(other);
        return (double) shared.size() / (one.size() + other.size() - shared.size());
    }

    private record Search(Dataset<Row> named, Dataset<Row> facts, NearDuplicates near) {
        Dataset<Row> members() {
            return near.members(facts, "whole");
        }

        Dataset<Row> links() {
            return near.links(members(), "whole", this::sets);
        }

        Dataset<Row> sets(KnownKeys keys) {
            return new ShingleReader(CuratedTable.DOCUMENTS, false, WIDTH).read(named, keys);
        }
    }

    private static Search search(List<String> texts, double similarity, int window, Held held) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            Row origin = RowFactory.create("file", (long) i, 0, "test");
            rows.add(RowFactory.create("" + i, texts.get(i), null, "s", null, null, "hash", origin));
        }
        Dataset<Row> named =
                Facts.named(CuratedTable.DOCUMENTS, spark.createDataFrame(rows, DataTables.DOCUMENTS.schema()));
        NearDuplicatesRecipe recipe = new NearDuplicatesRecipe(true, false, similarity, WIDTH, 128, 0.99, window);
        Examine examine = new Examine(
                CuratedTable.DOCUMENTS,
                new RowRules(false, false, false, TextLimits.NONE, LanguageRule.ANY),
                SiteList.NONE,
                new HashMap<>(Map.of("s", new SourceRole("s", SourceRole.Axis.SAFETY, SourceRole.Origin.OWN, 1, 0))),
                recipe,
                new DecontaminationRecipe(true, 13, 5),
                KnownKeys.NONE);
        return new Search(named, held.keep(Facts.of(named, examine)), new NearDuplicates(recipe, held));
    }

    @Test
    void findsWhatBruteForceFinds() {
        List<String> texts = texts(200);
        for (double threshold : new double[] {0.5, 0.8}) {
            Set<List<Long>> expected = new HashSet<>();
            Set<List<Long>> found = new HashSet<>();
            try (Held held =
                    new Held(spark, folder.resolve("brute-" + threshold).toString())) {
                Search search = search(texts, threshold, 32, held);
                Map<String, Long> nodes = new HashMap<>();
                search.members().collectAsList().forEach(row -> nodes.put(row.getAs("id"), row.<Long>getAs("node")));
                List<Set<String>> sets =
                        texts.stream().map(NearDuplicatesTest::shingles).toList();
                for (int i = 0; i < texts.size(); i++) {
                    for (int j = 0; j < i; j++) {
                        long one = Objects.requireNonNull(nodes.get("" + i));
                        long other = Objects.requireNonNull(nodes.get("" + j));
                        if (one != other && similarity(sets.get(i), sets.get(j)) >= threshold) {
                            expected.add(List.of(Math.min(one, other), Math.max(one, other)));
                        }
                    }
                }
                search.links().collectAsList().forEach(row -> found.add(List.of(row.getLong(0), row.getLong(1))));
            }
            assertThat(expected).hasSizeGreaterThan(50).containsAll(found);
            expected.removeAll(found);
            assertThat(expected.size() / (double) (expected.size() + found.size()))
                    .isLessThan(0.05);
        }
    }

    /** Five hundred rows with one word of two hundred different: all in one bucket of every band, nearly. */
    @Test
    void boilerplateIsOneClusterWithBoundedWork() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            text.append('b').append(i).append(' ');
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            texts.add(text + "own" + i);
        }
        try (Held held = new Held(spark, folder.resolve("boilerplate").toString())) {
            Search search = search(texts, 0.8, 4, held);
            assertThat(search.links().count()).isLessThanOrEqualTo(500L * 16 * 4);
            assertThat(search.near().find(search.facts(), "whole", search::sets).count())
                    .isEqualTo(499);
        }
    }
}
