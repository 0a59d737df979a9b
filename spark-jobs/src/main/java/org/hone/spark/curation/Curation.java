package org.hone.spark.curation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.hone.data.curation.RemovalRule;
import org.hone.data.curation.SourceRole;
import org.hone.spark.recipe.CurationRecipe;
import org.hone.spark.recipe.NearDuplicatesRecipe;
import org.hone.spark.table.RemovedTable;

/**
 * Curates tables: the rules of {@link RemovalRule} one after the other, then held-out comparisons, then the mixtures of
 * what is left. The result is a function of the rows, the recipe and the seed: not of partitions, order or retries. No
 * row reaches the driver.
 */
public final class Curation {
    private static final String[] KEYS = {Facts.KEY, Facts.FINGERPRINT};

    private final CurationRecipe recipe;
    private final long seed;
    private final String workFolder;

    /**
     * A curation.
     *
     * @param recipe what is removed
     * @param seed from which every random choice follows
     * @param workFolder Hadoop path of a folder for intermediate results, which every executor reaches; it is deleted
     *     when the result is closed
     */
    public Curation(CurationRecipe recipe, long seed, String workFolder) {
        this.recipe = recipe;
        this.seed = seed;
        this.workFolder = workFolder;
    }

    /**
     * Curates.
     *
     * @param input the tables
     * @return what is left of them and what was removed; to be closed
     * @throws IllegalArgumentException if a row's source has no role
     * @throws IllegalStateException if rows in are not rows out and removed
     */
    public CuratedTables curate(CurationInput input) {
        Held held = new Held(input.preferences().sparkSession(), workFolder);
        try {
            return new Run(input, held).curated();
        } catch (RuntimeException e) {
            held.close();
            throw e;
        }
    }

    /** One curation under way. */
    private final class Run {
        private final CurationInput input;
        private final Held held;
        private final Map<String, SourceRole> roles = new HashMap<>();
        private final Map<CuratedTable, Map<String, Long>> rowsIn;
        private final Map<CuratedTable, Dataset<Row>> decisions = new EnumMap<>(CuratedTable.class);
        private final List<SourceCounts> counts = new ArrayList<>();

        Run(CurationInput input, Held held) {
            this.input = input;
            this.held = held;
            this.rowsIn = Counting.bySource(input);
            input.roles().forEach(role -> roles.put(role.source(), role));
        }

        private CuratedTables curated() {
            for (CuratedTable table : CuratedTable.values()) {
                requireRoles(table);
            }
            SparkSession spark = input.preferences().sparkSession();
            Decontamination evaluation =
                    Decontamination.of(spark, input.evaluationSets(), recipe.decontamination(), held);
            for (CuratedTable table : CuratedTable.values()) {
                decisions.put(table, held.keep(judged(table, evaluation)));
            }
            List<MixtureReport> mixtures = split();
            counts.addAll(Counting.of(rowsIn, decisions));
            Dataset<Row> pairs = held.keep(kept(CuratedTable.PREFERENCES));
            return new CuratedTables(
                    plain(CuratedTable.PREFERENCES, pairs.filter("in_helpfulness")),
                    plain(CuratedTable.PREFERENCES, pairs.filter("in_safety")),
                    plain(CuratedTable.PREFERENCES, pairs.filter("held_out")),
                    repeated(CuratedTable.SFT),
                    repeated(CuratedTable.PROMPTS),
                    repeated(CuratedTable.DOCUMENTS),
                    removed(),
                    counts,
                    mixtures,
                    held);
        }

        private void requireRoles(CuratedTable table) {
            List<String> unknown = at(rowsIn, table).keySet().stream()
                    .filter(source -> !roles.containsKey(source))
                    .sorted()
                    .toList();
            if (!unknown.isEmpty()) {
                throw new IllegalArgumentException("table " + table.text() + " has rows of " + unknown
                        + ", which are none of the recipe's sources "
                        + roles.keySet().stream().sorted().toList()
                        + "; add them with axis and origin, or import without them");
            }
        }

        /** The rules that look at one table. */
        private Dataset<Row> judged(CuratedTable table, Decontamination evaluation) {
            NearDuplicatesRecipe near = recipe.nearDuplicates();
            if (at(rowsIn, table).isEmpty()) {
                return Facts.none(input.table(table).sparkSession()).drop("whole", "asked", "suspects");
            }
            Dataset<Row> named = Facts.named(input.table(table));
            Examine examine = new Examine(
                    table, recipe.rows(), input.sites(), roles, near, recipe.decontamination(), evaluation.known());
            Dataset<Row> facts = Verdicts.duplicateIds(Facts.of(named, examine));
            facts = recipe.exactDuplicates() ? Verdicts.exactDuplicates(facts) : facts;
            facts = recipe.contradictions() && table == CuratedTable.PREFERENCES
                    ? Verdicts.contradictions(facts)
                    : facts;
            facts = held.keep(facts);
            if (near.dialogues()) {
                facts = withoutNearDuplicates(facts, table, named, false);
            }
            if (near.prompts() && table.hasResponses()) {
                facts = withoutNearDuplicates(held.keep(facts), table, named, true);
            }
            return Verdicts.markKeys(facts, evaluation.find(facts), RemovalRule.CONTAMINATED, "")
                    .drop("whole", "asked", "suspects");
        }

        private Dataset<Row> withoutNearDuplicates(
                Dataset<Row> facts, CuratedTable table, Dataset<Row> named, boolean promptOnly) {
            NearDuplicatesRecipe near = recipe.nearDuplicates();
            ShingleReader reader = new ShingleReader(table, promptOnly, near.shingleWords());
            Dataset<Row> found = new NearDuplicates(near, held)
                    .find(facts, promptOnly ? "asked" : "whole", keys -> reader.read(named, keys));
            return Verdicts.markKeys(facts, found, RemovalRule.NEAR_DUPLICATE, promptOnly ? "prompt of " : "");
        }

        /** The rules between tables, and the mixtures of what is left for training. */
        private List<MixtureReport> split() {
            Column no = functions.lit(false);
            Dataset<Row> chosen =
                    held.keep(new HoldOut(recipe.heldOut(), seed).choose(at(decisions, CuratedTable.PREFERENCES)));
            Dataset<Row> conversations = held.keep(HoldOut.conversations(chosen));
            Mixtures.Mixed mixed =
                    new Mixtures(recipe.mixtures(), seed).mix(held.keep(HoldOut.separate(chosen, conversations)));
            decisions.put(CuratedTable.PREFERENCES, mixed.facts().withColumn("copies", functions.lit(1)));
            for (CuratedTable table : CuratedTable.values()) {
                if (table != CuratedTable.PREFERENCES) {
                    Dataset<Row> facts = at(decisions, table).withColumn("held_out", no);
                    facts = table.hasPrompts() ? HoldOut.separate(facts, conversations) : facts;
                    facts = weighed(facts, table);
                    decisions.put(table, facts.withColumn("in_helpfulness", no).withColumn("in_safety", no));
                }
            }
            decisions.replaceAll((table, facts) -> held.keep(facts));
            return mixed.reports();
        }

        /** The whole part of the weight, and one copy more with the probability of the rest. */
        private Dataset<Row> weighed(Dataset<Row> facts, CuratedTable table) {
            Column weight = table.isWeighted() ? functions.col("weight") : functions.lit(1.0);
            Column place = ExactDraw.ticket(seed, "weight").cast("double").multiply(0x1.0p-63);
            Column whole = functions.floor(weight);
            Column more = functions.when(place.lt(weight.minus(whole)), 1).otherwise(0);
            Dataset<Row> copied = facts.withColumn("copies", whole.plus(more).cast("int"));
            Column detail = functions.concat(functions.lit("weight "), functions.col("weight"));
            return Verdicts.mark(copied, functions.col("copies").equalTo(0), RemovalRule.NOT_SAMPLED, detail);
        }

        /** The rows that stay, with what was decided about them. */
        private Dataset<Row> kept(CuratedTable table) {
            Dataset<Row> left = at(decisions, table)
                    .filter(Verdicts.LEFT)
                    .select(Facts.KEY, Facts.FINGERPRINT, "held_out", "in_helpfulness", "in_safety", "copies");
            boolean idsRepeat = counts.stream()
                    .anyMatch(count -> count.table().equals(table.text())
                            && count.removed().containsKey(RemovalRule.DUPLICATE_ID.text()));
            Dataset<Row> named = Facts.named(input.table(table));
            if (!idsRepeat) {
                return named.drop(Facts.FINGERPRINT).join(left.drop(Facts.FINGERPRINT), Facts.KEY);
            }
            // rows with one key and one fingerprint are equal in every column, so it does not matter which one stays
            return named.join(left, KEYS, "inner").dropDuplicates(Facts.KEY);
        }

        private Dataset<Row> plain(CuratedTable table, Dataset<Row> rows) {
            Column[] columns = Arrays.stream(input.table(table).columns())
                    .map(functions::col)
                    .toArray(Column[]::new);
            return rows.select(columns);
        }

        private Dataset<Row> repeated(CuratedTable table) {
            Column copies = functions.explode(functions.sequence(functions.lit(1), functions.col("copies")));
            Column id = functions
                    .when(functions.col("copy").equalTo(1), functions.col("id"))
                    .otherwise(functions.concat(functions.col("id"), functions.lit("#"), functions.col("copy")));
            return plain(table, kept(table).withColumn("copy", copies).withColumn("id", id));
        }

        private Dataset<Row> removed() {
            Dataset<Row> all = input.preferences().sparkSession().createDataFrame(List.of(), RemovedTable.SCHEMA);
            for (CuratedTable table : CuratedTable.values()) {
                all = all.unionByName(at(decisions, table)
                        .filter(functions.not(Verdicts.LEFT))
                        .select(
                                functions.lit(table.text()).as("table"),
                                functions.col("id"),
                                functions.col("source"),
                                functions.col("week"),
                                functions.col("rule"),
                                functions.col("detail"),
                                functions.col("content_hash")));
            }
            return all;
        }
    }

    private static <T> T at(Map<CuratedTable, T> map, CuratedTable table) {
        return Objects.requireNonNull(map.get(table), table.text());
    }
}
