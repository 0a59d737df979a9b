package org.hone.spark.curation;

import java.util.ArrayList;
import java.util.Arrays;
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
        private final List<CuratedTable> tables = new ArrayList<>();
        private final List<SourceCounts> counts = new ArrayList<>();
        private Dataset<Row> decisions;

        Run(CurationInput input, Held held) {
            this.input = input;
            this.held = held;
            this.rowsIn = Counting.bySource(input);
            this.decisions = Facts.none(input.preferences().sparkSession());
            input.roles().forEach(role -> roles.put(role.source(), role));
        }

        private CuratedTables curated() {
            for (CuratedTable table : CuratedTable.values()) {
                requireRoles(table);
                if (!at(rowsIn, table).isEmpty()) {
                    tables.add(table);
                }
            }
            SparkSession spark = input.preferences().sparkSession();
            Decontamination evaluation =
                    Decontamination.of(spark, input.evaluationSets(), recipe.decontamination(), held);
            List<MixtureReport> mixtures = split(held.keep(judged(evaluation)));
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

        /** The rules that compare rows of one table. */
        private Dataset<Row> judged(Decontamination evaluation) {
            NearDuplicatesRecipe near = recipe.nearDuplicates();
            Dataset<Row> facts = tables.stream()
                    .map(table -> Facts.of(named(table), examine(table, evaluation)))
                    .reduce(Dataset::unionAll)
                    .orElseGet(() -> Facts.none(input.preferences().sparkSession()));
            facts = Verdicts.duplicateIds(facts);
            facts = recipe.exactDuplicates() ? Verdicts.exactDuplicates(facts) : facts;
            facts = recipe.contradictions() ? Verdicts.contradictions(facts) : facts;
            facts = held.keep(facts);
            if (near.dialogues()) {
                facts = withoutNearDuplicates(facts, tables, false);
            }
            List<CuratedTable> withResponses =
                    tables.stream().filter(CuratedTable::hasResponses).toList();
            if (near.prompts() && !withResponses.isEmpty()) {
                facts = withoutNearDuplicates(near.dialogues() ? held.keep(facts) : facts, withResponses, true);
            }
            return Verdicts.markKeys(facts, evaluation.find(facts), RemovalRule.CONTAMINATED, "")
                    .drop("whole", "asked", "suspects");
        }

        private Dataset<Row> named(CuratedTable table) {
            return Facts.named(table, input.table(table));
        }

        private Examine examine(CuratedTable table, Decontamination evaluation) {
            return new Examine(
                    table,
                    recipe.rows(),
                    input.sites(),
                    roles,
                    recipe.nearDuplicates(),
                    recipe.decontamination(),
                    evaluation.known());
        }

        private Dataset<Row> withoutNearDuplicates(
                Dataset<Row> facts, List<CuratedTable> compared, boolean promptOnly) {
            NearDuplicatesRecipe near = recipe.nearDuplicates();
            NearDuplicates.Shingled shingled = keys -> compared.stream()
                    .map(table -> new ShingleReader(table, promptOnly, near.shingleWords()).read(named(table), keys))
                    .reduce(Dataset::unionAll)
                    .orElseThrow();
            Dataset<Row> found = new NearDuplicates(near, held).find(facts, promptOnly ? "asked" : "whole", shingled);
            return Verdicts.markKeys(facts, found, RemovalRule.NEAR_DUPLICATE, promptOnly ? "prompt of " : "");
        }

        /** The rules between tables, and the mixtures of what is left for training. */
        private List<MixtureReport> split(Dataset<Row> judged) {
            Column no = functions.lit(false);
            Column isPair = functions.col(Facts.TABLE).equalTo(CuratedTable.PREFERENCES.text());
            Dataset<Row> chosen = held.keep(new HoldOut(recipe.heldOut(), seed).choose(judged.filter(isPair)));
            Dataset<Row> conversations = held.keep(HoldOut.conversations(chosen));
            Mixtures.Mixed mixed =
                    new Mixtures(recipe.mixtures(), seed).mix(held.keep(HoldOut.separate(chosen, conversations)));
            Dataset<Row> pairs = mixed.facts().withColumn("copies", functions.lit(1));
            // documents have no conversation, so none is known
            Dataset<Row> others =
                    HoldOut.separate(judged.filter(functions.not(isPair)).withColumn("held_out", no), conversations);
            others = weighed(others).withColumn("in_helpfulness", no).withColumn("in_safety", no);
            decisions = held.keep(pairs.unionByName(others));
            return mixed.reports();
        }

        /** The whole part of the weight, and one copy more with the probability of the rest. */
        private Dataset<Row> weighed(Dataset<Row> facts) {
            Object[] weightedTables = Arrays.stream(CuratedTable.values())
                    .filter(CuratedTable::isWeighted)
                    .map(CuratedTable::text)
                    .toArray();
            Column isWeighted = functions.col(Facts.TABLE).isin(weightedTables);
            Column weight = functions.when(isWeighted, functions.col("weight")).otherwise(1.0);
            Column place = ExactDraw.ticket(seed, "weight").cast("double").multiply(0x1.0p-63);
            Column whole = functions.floor(weight);
            Column more = functions.when(place.lt(weight.minus(whole)), 1).otherwise(0);
            Dataset<Row> copied = facts.withColumn("copies", whole.plus(more).cast("int"));
            Column detail = functions.concat(functions.lit("weight "), functions.col("weight"));
            return Verdicts.mark(copied, functions.col("copies").equalTo(0), RemovalRule.NOT_SAMPLED, detail);
        }

        /** The rows that stay, with what was decided about them. */
        private Dataset<Row> kept(CuratedTable table) {
            Dataset<Row> left = decisions
                    .filter(Verdicts.LEFT.and(functions.col(Facts.TABLE).equalTo(table.text())))
                    .select(Facts.KEY, Facts.FINGERPRINT, "held_out", "in_helpfulness", "in_safety", "copies");
            boolean idsRepeat = counts.stream()
                    .anyMatch(count -> count.table().equals(table.text())
                            && count.removed().containsKey(RemovalRule.DUPLICATE_ID.text()));
            Dataset<Row> named = named(table);
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
            return decisions
                    .filter(functions.not(Verdicts.LEFT))
                    .select(Arrays.stream(RemovedTable.SCHEMA.fieldNames())
                            .map(functions::col)
                            .toArray(Column[]::new));
        }
    }

    private static <T> T at(Map<CuratedTable, T> map, CuratedTable table) {
        return Objects.requireNonNull(map.get(table), table.text());
    }
}
