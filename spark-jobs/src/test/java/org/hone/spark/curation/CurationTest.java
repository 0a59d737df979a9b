package org.hone.spark.curation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.hone.data.curation.Proportion;
import org.hone.data.curation.RemovalRule;
import org.hone.spark.fixture.LocalSession;
import org.hone.spark.table.Columns;
import org.hone.spark.table.DataTables;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class CurationTest {
    private static final CurationWorld WORLD = new CurationWorld();

    @TempDir
    private static Path folder;

    @LocalSession
    private static SparkSession spark;

    private static Result result;

    /** Everything that a curation gave, in the order of ids. */
    private record Result(Map<String, List<String>> tables, List<SourceCounts> counts, List<MixtureReport> mixtures) {
        List<String> table(String name) {
            return tables.getOrDefault(name, List.of());
        }
    }

    @BeforeAll
    static void curate() {
        result = curate(2, 1);
    }

    private static Result curate(int partitions, long shuffle) {
        Path work = folder.resolve("work-" + partitions + "-" + shuffle);
        try (CuratedTables curated = new Curation(CurationWorld.recipe(), 7, work.toString())
                .curate(WORLD.input(spark, partitions, shuffle))) {
            Map<String, List<String>> tables = new TreeMap<>();
            tables.put("helpfulness", ids(curated.helpfulness()));
            tables.put("safety", ids(curated.safety()));
            tables.put("held-out", ids(curated.heldOut()));
            tables.put("sft", ids(curated.sft()));
            tables.put("prompts", ids(curated.prompts()));
            tables.put("documents", ids(curated.documents()));
            tables.put(
                    "turns-trained", turns(curated.helpfulness(), curated.safety(), curated.sft(), curated.prompts()));
            tables.put("turns-held-out", turns(curated.heldOut()));
            tables.put(
                    "weeks-held-out",
                    curated.heldOut().filter("source like 'our%'").collectAsList().stream()
                            .map(row -> String.valueOf(row.<Integer>getAs("week")))
                            .sorted()
                            .toList());
            tables.put(
                    "removed",
                    curated.removed().collectAsList().stream()
                            .map(Row::mkString)
                            .sorted()
                            .toList());
            assertThat(curated.helpfulness().columns())
                    .isEqualTo(DataTables.PREFERENCES.schema().fieldNames());
            return new Result(tables, curated.counts(), curated.mixtures());
        } finally {
            assertThat(Files.exists(work)).isFalse();
        }
    }

    private static List<String> ids(Dataset<Row> rows) {
        return rows.collectAsList().stream()
                .map(row -> row.<String>getAs("id"))
                .sorted()
                .toList();
    }

    @SafeVarargs
    private static List<String> turns(Dataset<Row>... tables) {
        Set<String> turns = new TreeSet<>();
        for (Dataset<Row> table : tables) {
            table.collectAsList()
                    .forEach(row -> turns.add(Columns.dialogue(row, "prompt").firstUserTurn()));
        }
        return List.copyOf(turns);
    }

    @Test
    void partitionsAndOrderChangeNothing() {
        assertThat(curate(1, 2)).isEqualTo(result);
        assertThat(curate(7, 3)).isEqualTo(result);
    }

    @Test
    void everyRowIsAccountedFor() {
        Map<String, Long> removed = new HashMap<>();
        result.counts().forEach(count -> count.removed().forEach((rule, rows) -> removed.merge(rule, rows, Long::sum)));
        assertThat(removed.keySet())
                .containsExactlyInAnyOrder(
                        RemovalRule.UNSAFE_CHOSEN.text(),
                        RemovalRule.IDENTICAL_RESPONSES.text(),
                        RemovalRule.EMPTY_TEXT.text(),
                        RemovalRule.EXCLUDED_SITE.text(),
                        RemovalRule.DUPLICATE_ID.text(),
                        RemovalRule.EXACT_DUPLICATE.text(),
                        RemovalRule.CONTRADICTION.text(),
                        RemovalRule.NEAR_DUPLICATE.text(),
                        RemovalRule.CONTAMINATED.text(),
                        RemovalRule.HELD_OUT_PROMPT.text(),
                        RemovalRule.NOT_DRAWN.text(),
                        RemovalRule.NOT_SAMPLED.text());
        assertThat(result.table("removed")).hasSize((int)
                removed.values().stream().mapToLong(Long::longValue).sum());
        Set<String> training = new HashSet<>(result.table("helpfulness"));
        training.addAll(result.table("safety"));
        assertThat(training).doesNotContainAnyElementsOf(result.table("held-out"));
        assertThat(sum("preferences", SourceCounts::training)).isEqualTo(training.size());
        assertThat(sum("preferences", SourceCounts::heldOut))
                .isEqualTo(result.table("held-out").size());
        assertThat(sum("preferences", SourceCounts::rowsIn))
                .isEqualTo(WORLD.pairs().size());
        for (String table : List.of("sft", "prompts", "documents")) {
            assertThat(result.table(table))
                    .hasSize((int) (sum(table, SourceCounts::training) + sum(table, SourceCounts::repeats)))
                    .doesNotHaveDuplicates();
        }
        assertThat(sum("sft", SourceCounts::repeats)).isPositive();
    }

    private static long sum(String table, java.util.function.ToLongFunction<SourceCounts> figure) {
        return result.counts().stream()
                .filter(count -> count.table().equals(table))
                .mapToLong(figure)
                .sum();
    }

    @Test
    void contaminatedRowsNameTheSetAndTheWords() {
        assertThat(result.table("removed"))
                .filteredOn(row -> row.contains(RemovalRule.CONTAMINATED.text()))
                .hasSize(12)
                .allMatch(row ->
                        row.contains("exam: THIS sentence of an evaluation: has exactly thirteen words, and it is"));
    }

    @Test
    void noPromptIsOnBothSides() {
        assertThat(result.table("turns-held-out")).isNotEmpty();
        assertThat(result.table("turns-trained"))
                .isNotEmpty()
                .doesNotContainAnyElementsOf(result.table("turns-held-out"));
    }

    @Test
    void everyWeekOfOurOwnDataHoldsTheWishedNumberOut() {
        Map<String, Integer> weeks = new TreeMap<>();
        result.table("weeks-held-out").forEach(week -> weeks.merge(week, 1, Integer::sum));
        assertThat(weeks.keySet()).containsExactly("1", "2", "3");
        // the fraction's conversations come first in the same order, so a week has more only where they are more
        assertThat(weeks.values()).allMatch(rows -> rows == CurationWorld.WEEKLY);
    }

    @Test
    void mixturesHaveTheirProportionsToTheRow() {
        for (MixtureReport mixture : result.mixtures()) {
            Proportion drawn = mixture.drawn();
            assertThat(drawn.first()).isPositive();
            assertThat(drawn.second())
                    .isEqualTo(Math.round(drawn.first() * (mixture.name().equals("safety") ? 1 / 9.0 : 1)));
            assertThat(result.table(mixture.name())).hasSize((int) (drawn.first() + drawn.second()));
        }
        assertThat(result.mixtures()).extracting(MixtureReport::name).containsExactly("helpfulness", "safety");
    }

    @Test
    void drawsAreExactWhateverTheSizes() {
        for (long size : new long[] {1, 17, 5_000}) {
            Dataset<Row> pool = spark.range(size).selectExpr("cast(id as string) id");
            for (long wanted : new long[] {0, 1, size / 3, size}) {
                var ticket = ExactDraw.ticket(3, "test");
                assertThat(pool.filter(ExactDraw.draw(pool, ticket, size, wanted))
                                .count())
                        .isEqualTo(wanted);
            }
        }
    }

    @Test
    void chainsBecomeOneComponent() {
        List<Row> edges = new ArrayList<>();
        for (long i = 1; i < 100; i++) {
            long one = i * 37 % 101;
            long other = (i + 1) * 37 % 101;
            edges.add(RowFactory.create(Math.min(one, other), Math.max(one, other)));
        }
        edges.add(RowFactory.create(500L, 501L));
        StructType schema = new StructType().add("a", DataTypes.LongType).add("b", DataTypes.LongType);
        try (Held held = new Held(spark, folder.resolve("chain").toString())) {
            List<Row> found =
                    Components.of(spark.createDataFrame(edges, schema), held).collectAsList();
            assertThat(found).hasSize(100);
            assertThat(found).allMatch(row -> row.getLong(1) == (row.getLong(0) == 501 ? 500 : 1));
        }
    }

    @Test
    void rowsOfUnknownSourcesAreRefused() {
        CurationInput input = WORLD.input(spark, 1, 1);
        CurationInput without = new CurationInput(
                input.preferences(),
                input.sft(),
                input.prompts(),
                input.documents(),
                input.roles().subList(1, 7),
                List.of(),
                input.sites());
        assertThatThrownBy(() -> new Curation(
                                CurationWorld.recipe(),
                                7,
                                folder.resolve("none").toString())
                        .curate(without))
                .hasMessage("table preferences has rows of [our-help], which are none of the recipe's sources "
                        + "[ask, often, open-help, open-safe, our-safe, rare]; add them with axis and origin, or import "
                        + "without them");
    }
}
