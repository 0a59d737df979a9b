package org.hone.spark.curation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.hone.data.curation.LanguageRule;
import org.hone.data.curation.Proportion;
import org.hone.data.curation.RowRules;
import org.hone.data.curation.SiteList;
import org.hone.data.curation.SourceRole;
import org.hone.data.curation.TextLimits;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.preference.PreferencePair;
import org.hone.data.preference.SafetyBin;
import org.hone.spark.recipe.CurationRecipe;
import org.hone.spark.recipe.DecontaminationRecipe;
import org.hone.spark.recipe.HeldOutRecipe;
import org.hone.spark.recipe.MixturesRecipe;
import org.hone.spark.recipe.NearDuplicatesRecipe;
import org.hone.spark.table.Columns;
import org.hone.spark.table.DataTables;
import org.hone.spark.table.PreferenceTable;
import org.jspecify.annotations.Nullable;

/** Tables in which every rule of curation has something to remove. */
final class CurationWorld {
    static final String KNOWN = "this sentence of an evaluation has exactly thirteen words and it is known here";
    static final int WEEKLY = 20;
    private static final int PAIRS = 600;

    private final List<Row> pairs = new ArrayList<>();
    private final List<Row> sft = new ArrayList<>();
    private final List<Row> prompts = new ArrayList<>();
    private final List<Row> documents = new ArrayList<>();

    CurationWorld() {
        for (int i = 0; i < PAIRS; i++) {
            SplittableRandom random = new SplittableRandom(i);
            String source =
                    List.of("our-help", "our-safe", "open-help", "open-safe").get(i % 4);
            // three pairs of every four share their first user turn with others
            String prompt = "question " + (i % 4 == 0 ? i : i / 8 * 8) + " about " + words(i / 8, 12);
            String chosen = words(1000 + i, 30);
            String rejected = words(5000 + i, 30);
            int week = 1 + i % 3;
            pair(prompt, chosen, rejected, null, source, week);
            if (i % 10 == 0) {
                pair(prompt, edited(chosen, random), rejected, null, "our-help", 2);
            }
            if (i % 50 == 0) {
                pair(prompt, chosen.toUpperCase(java.util.Locale.ROOT), rejected, null, "our-safe", 1);
                pair(prompt + " x", words(i + 9000, 9), " ", null, source, week);
                pair(prompt + " x", "Same  text", "same text", null, source, week);
                pair(prompt, chosen + " y", rejected, SafetyBin.CHOSEN_UNSAFE_OTHER_SAFE, source, week);
                pair(prompt, words(i + 20_000, 5) + " " + KNOWN, rejected, null, source, week);
                pair(prompt, rejected, chosen, null, source, week);
            }
            demonstration(i % 3 == 0 ? prompt : "write " + words(i + 30_000, 8), words(i + 40_000, 20));
            if (i < 200) {
                prompts.add(row(
                        DataTables.PROMPTS.schema(),
                        "p" + i,
                        turns(prompt),
                        null,
                        null,
                        null,
                        null,
                        "ask",
                        null,
                        null));
                documents.add(row(
                        DataTables.DOCUMENTS.schema(),
                        "d" + i,
                        words(i + 50_000, 40),
                        i % 20 == 0 ? "https://www.bad.example/x" : null,
                        i % 2 == 0 ? "rare" : "often",
                        null,
                        null));
            }
        }
        pairs.add(pairs.get(0));
    }

    List<Row> pairs() {
        return Collections.unmodifiableList(pairs);
    }

    static String edited(String text, SplittableRandom random) {
        String[] words = text.split(" ", -1);
        words[random.nextInt(words.length)] = "edited";
        return String.join(" ", words);
    }

    static String words(long seed, int count) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : " ").append(Integer.toString(100 + random.nextInt(1_000), 36));
        }
        return text.toString();
    }

    private void pair(String prompt, String chosen, String rejected, @Nullable SafetyBin bin, String source, int week) {
        pairs.add(comparison(prompt, chosen, rejected, bin, source, week));
    }

    static Row comparison(
            String prompt, String chosen, String rejected, @Nullable SafetyBin bin, String source, int week) {
        Dialogue dialogue = Dialogue.ofUser(prompt);
        String id = PreferencePair.idOf(source, dialogue, chosen, rejected);
        Row known = PreferenceTable.row(
                new PreferencePair(id, dialogue, chosen, rejected, null, bin, null, source, week, null));
        Object[] values = new Object[known.length() + 1];
        for (int i = 0; i < known.length(); i++) {
            values[i] = known.get(i);
        }
        return row(DataTables.PREFERENCES.schema(), values);
    }

    private void demonstration(String prompt, String response) {
        sft.add(demonstration("s" + sft.size(), prompt, response));
    }

    static Row demonstration(String id, String prompt, String response) {
        return row(DataTables.SFT.schema(), id, turns(prompt), response, null, "often", null, null);
    }

    static Row document(String id, String text) {
        return row(DataTables.DOCUMENTS.schema(), id, text, null, "often", null, null);
    }

    private static Object turns(String prompt) {
        return Columns.turns(Dialogue.ofUser(prompt));
    }

    /** The last of the values is the licence; content hash and origin follow. */
    private static Row row(StructType schema, @Nullable Object... values) {
        Object[] all = java.util.Arrays.copyOf(values, schema.length());
        all[schema.length() - 2] = "hash of " + values[0];
        all[schema.length() - 1] = RowFactory.create("file", 1L, 0, "test");
        return RowFactory.create(all);
    }

    CurationInput input(SparkSession spark, int partitions, long shuffle) {
        Dataset<Row> evaluation = spark.createDataFrame(
                List.of(RowFactory.create(
                        "Before it, THIS sentence of an evaluation: has exactly thirteen words, and it "
                                + "is known here.")),
                new StructType().add("text", "string"));
        return new CurationInput(
                table(spark, pairs, DataTables.PREFERENCES.schema(), partitions, shuffle),
                table(spark, sft, DataTables.SFT.schema(), partitions, shuffle),
                table(spark, prompts, DataTables.PROMPTS.schema(), partitions, shuffle),
                table(spark, documents, DataTables.DOCUMENTS.schema(), partitions, shuffle),
                roles(),
                List.of(EvaluationSet.of("exam", evaluation)),
                SiteList.of(java.util.stream.Stream.of("bad.example")));
    }

    static List<SourceRole> roles() {
        return List.of(
                new SourceRole("our-help", SourceRole.Axis.HELPFULNESS, SourceRole.Origin.OWN, 1, 0),
                new SourceRole("our-safe", SourceRole.Axis.SAFETY, SourceRole.Origin.OWN, 1, 1),
                new SourceRole("open-help", SourceRole.Axis.HELPFULNESS, SourceRole.Origin.OPEN_SOURCE, 1, 2),
                new SourceRole("open-safe", SourceRole.Axis.SAFETY, SourceRole.Origin.OPEN_SOURCE, 1, 3),
                new SourceRole("ask", SourceRole.Axis.SAFETY, SourceRole.Origin.OPEN_SOURCE, 1, 4),
                new SourceRole("often", SourceRole.Axis.HELPFULNESS, SourceRole.Origin.OPEN_SOURCE, 2.5, 5),
                new SourceRole("rare", SourceRole.Axis.HELPFULNESS, SourceRole.Origin.OPEN_SOURCE, 0.25, 6));
    }

    static Dataset<Row> table(SparkSession spark, List<Row> rows, StructType schema, int partitions, long shuffle) {
        List<Row> shuffled = new ArrayList<>(rows);
        Collections.shuffle(shuffled, new Random(shuffle));
        return spark.createDataFrame(shuffled, schema).repartition(partitions);
    }

    static CurationRecipe recipe() {
        return new CurationRecipe(
                new RowRules(true, true, true, TextLimits.NONE, LanguageRule.ANY),
                null,
                true,
                true,
                new NearDuplicatesRecipe(true, false, 0.8, 3, 128, 0.99, 32),
                new DecontaminationRecipe(true, 13, 5),
                new HeldOutRecipe(0.02, WEEKLY, 0.5),
                new MixturesRecipe(true, 0.5, 0.1, Proportion.Shortage.SHRINK));
    }
}
