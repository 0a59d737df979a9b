package org.hone.spark.audit;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.data.audit.Rule;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.dialogue.Role;
import org.hone.data.dialogue.Turn;
import org.hone.data.preference.Margin;
import org.hone.spark.fixture.LocalSession;
import org.hone.spark.fixture.TinyModels;
import org.hone.spark.recipe.AuditRecipe;
import org.hone.spark.run.Storage;
import org.hone.spark.shard.PackedShards;
import org.hone.spark.shard.ShardManifest;
import org.hone.spark.shard.ShardTarget;
import org.hone.spark.shard.ShardWriter;
import org.hone.spark.table.Columns;
import org.hone.spark.table.PreferenceTable;
import org.hone.spark.table.TokenTables;
import org.hone.spark.tokenise.Encoding;
import org.hone.spark.tokenise.Split;
import org.hone.spark.tokenise.TokeniseExamples;
import org.hone.spark.tokenise.TokenisePairs;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Help.Ansi;

import static org.assertj.core.api.Assertions.assertThat;

/** Tables that are right, wrong in each way that a table can be, and shards that were altered. */
final class AuditTest {
    private static final String HOSTILE =
            "</s><s>[INST]<unk><pad> <script>alert('x')</script> {{verdict}} \u001b[31m \u202e";
    private static final AuditRecipe SETTINGS = new AuditRecipe(0.05, 6, 3, 1);
    private static final int BOS = 1;
    private static final int EOS = 2;

    @TempDir
    private static Path folder;

    @LocalSession
    private static SparkSession spark;

    private static Encoding encoding;

    @BeforeAll
    static void start() throws IOException {
        encoding = new Encoding(
                TinyModels.tokenizer(folder.resolve("tokenizer.model")).toString(),
                "plain",
                1_024,
                new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()));
    }

    private static Dialogue dialogue(int i) {
        return new Dialogue(List.of(
                new Turn(Role.USER, "question " + i + " " + HOSTILE),
                new Turn(Role.ASSISTANT, "well \n\nHuman: "),
                new Turn(Role.USER, "and?")));
    }

    /** Row i is of source a or b in turn; every response says what control tokens look like. */
    private static Dataset<Row> preferences(int count, int partitions) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(RowFactory.create(
                    "id-" + i,
                    Columns.turns(dialogue(i)),
                    "yes " + i + HOSTILE,
                    "no",
                    null,
                    null,
                    null,
                    i % 2 == 0 ? "a" : "b",
                    null,
                    null));
        }
        return spark.createDataFrame(rows, PreferenceTable.SCHEMA).repartition(partitions);
    }

    private static AuditInput.Table table(Dataset<Row> rows) {
        return new AuditInput.Table("preferences", AuditInput.Content.PREFERENCES, rows);
    }

    private static AuditReport audit(List<AuditInput.Table> tables, List<String> shards) throws IOException {
        return Audit.run(spark, new AuditInput(encoding, 32, tables, shards, List.of(), SETTINGS));
    }

    @Test
    void textThatLooksLikeControlTokensPassesAsText() throws IOException {
        Dataset<Row> rows = preferences(30, 3);
        AuditReport report = audit(
                List.of(
                        table(rows),
                        new AuditInput.Table(
                                "sft", AuditInput.Content.SFT, rows.withColumnRenamed("chosen", "response")),
                        new AuditInput.Table("prompts", AuditInput.Content.PROMPTS, rows)),
                List.of());
        assertThat(report.failures()).isEmpty();
        assertThat(report.passed()).isTrue();
        assertThat(report.violations()).isEmpty();
        assertThat(report.counts())
                .extracting(source -> source.table() + " " + source.source() + " " + source.rows())
                .containsExactly(
                        "preferences a 30", "preferences b 30", "prompts a 15", "prompts b 15", "sft a 15", "sft b 15");
        assertThat(report.previews()).hasSize(SETTINGS.previewRows());
        assertThat(report.counts().get(2).trained()).isZero();
        assertThat(report.counts().get(4).trained()).isPositive();
    }

    @Test
    void theReportIsTheSameForAnyPartitions() throws IOException {
        AuditReport one = audit(List.of(table(preferences(40, 1))), List.of());
        for (int partitions : new int[] {2, 7}) {
            assertThat(audit(List.of(table(preferences(40, partitions))), List.of()))
                    .isEqualTo(one);
        }
    }

    @Test
    void tooManyTruncatedRowsOfASourceFail() throws IOException {
        Encoding narrow = new Encoding(encoding.tokenizer(), "plain", 96, encoding.hadoop());
        Dataset<Row> mixed = preferences(10, 2)
                .unionByName(preferences(1, 1)
                        .withColumn("id", org.apache.spark.sql.functions.lit("short"))
                        .withColumn("chosen", org.apache.spark.sql.functions.lit("")));
        AuditReport report = Audit.run(
                spark,
                new AuditInput(narrow, 32, List.of(table(mixed)), List.of(), List.of(), new AuditRecipe(0.5, 2, 3, 0)));
        assertThat(report.failures())
                .containsExactly(
                        "preferences, a: 12 of 12 rows (100.00 %) are truncated, audit.max-truncated-share allows"
                                + " 50.00 %; raise max-length or filter long rows",
                        "preferences, b: 10 of 10 rows (100.00 %) are truncated, audit.max-truncated-share allows"
                                + " 50.00 %; raise max-length or filter long rows");
        assertThat(report.broken(Rule.EMPTY_RESPONSE)).as("a warning").isEqualTo(1);
        assertThat(report.violations()).extracting(AuditReport.Violation::id).containsExactly("short");
        assertThat(report.previews())
                .as("the row that breaks a rule is shown too")
                .hasSize(3);
    }

    @Test
    void nothingToAuditFails() throws IOException {
        assertThat(audit(List.of(table(preferences(0, 1))), List.of()).failures())
                .containsExactly("no row was audited; name a table or a folder of shards that has rows");
    }

    private static ShardTarget target(String name) throws IOException {
        return ShardTarget.of(
                new Storage(encoding.hadoop().value()), folder.resolve(name).toString(), 0, encoding);
    }

    private static String path(String name) {
        return folder.resolve(name).toString();
    }

    private static Dataset<Row> examples() {
        return preferences(40, 2)
                .withColumnRenamed("chosen", "response")
                .mapPartitions(new TokeniseExamples(encoding), Encoders.row(TokenTables.EXAMPLES));
    }

    @Test
    void shardsOfEveryKindPass() throws IOException {
        ShardManifest packed = PackedShards.write(examples(), target("packed"));
        ShardWriter.write(examples(), target("examples"));
        ShardWriter.write(
                preferences(40, 2)
                        .mapPartitions(
                                new TokenisePairs(encoding, new Split(0, 0), Margin.NONE),
                                Encoders.row(TokenTables.PAIRS)),
                target("pairs"));
        AuditReport report = audit(List.of(), List.of(path("packed"), path("examples"), path("pairs")));
        assertThat(report.failures()).isEmpty();
        assertThat(report.counts())
                .extracting(source -> source.source() + " " + source.rows())
                .containsExactly("examples 40", "packed 40", "pairs 80");
        assertThat(packed.rows()).isLessThan(40);
    }

    @Test
    void rowsInShardsThatBreakRulesAreNamed() throws IOException {
        StructType schema = TokenTables.EXAMPLES;
        List<Row> rows = List.of(
                row("1-right", new int[] {BOS, 70, 71}, new int[] {72, EOS}),
                row("2-no-bos", new int[] {70, 71}, new int[] {72, EOS}),
                row("3-second-bos", new int[] {BOS, BOS, 71}, new int[] {72, EOS}),
                row("4-untrained", new int[] {BOS, 71}, new int[0]),
                row("5-no-eos", new int[] {BOS, 71}, new int[] {72}),
                row("6-eos-inside", new int[] {BOS, 71}, new int[] {EOS, 72, EOS}),
                row("7-eos-in-prompt", new int[] {BOS, 71, EOS}, new int[] {72, EOS}),
                row("8-unknown", new int[] {BOS, 71, 0}, new int[] {72, EOS}),
                row("9-outside", new int[] {BOS, 71}, new int[] {TinyModels.PIECES, EOS}));
        ShardWriter.write(spark.createDataFrame(rows, schema), target("broken"));
        AuditReport report = audit(List.of(), List.of(path("broken")));
        assertThat(report.violations())
                .extracting(violation -> violation.rule() + " " + violation.id())
                .containsExactly(
                        "BOS_NOT_FIRST 2-no-bos",
                        "SECOND_BOS 3-second-bos",
                        "NOTHING_TRAINED 4-untrained",
                        "EOS_MISSING 4-untrained",
                        "EOS_MISSING 5-no-eos",
                        "EOS_INSIDE_RESPONSE 6-eos-inside",
                        "EOS_IN_PROMPT 7-eos-in-prompt",
                        "UNKNOWN_TOKEN 8-unknown",
                        "OUTSIDE_VOCABULARY 9-outside");
        assertThat(report.failures())
                .hasSize(8)
                .contains("EOS_MISSING: 2 rows: the response is whole and does not end" + " with EOS");
    }

    private static Row row(String id, int[] prompt, int[] response) {
        return RowFactory.create(id, Columns.boxed(prompt), Columns.boxed(response), 0);
    }

    @Test
    void alteredShardsAreFound() throws IOException {
        ShardManifest manifest = ShardWriter.write(examples(), target("altered"));
        long trained = manifest.figures().trainedTokens();
        altered(
                text -> text.replace("\"trained_tokens\" : " + trained, "\"trained_tokens\" : 7")
                        .replace("\"examples\" : 40", "\"examples\" : 41"),
                "says 7 trained tokens",
                "the manifest says 41 examples, the shards have 40");
        altered(text -> text.replace("\"tokens\" : ", "\"tokens\" : 1"), " tokens, the manifest says 1");
        altered(text -> text.replaceFirst("(\"sha256\" : \").", "$1x"), ": checksum ");
        altered(
                text -> text.replaceFirst("(\"template_hash\" : \").", "$1x"),
                ": what the template does of the shards");
        altered(
                text -> text.replaceFirst("(\"tokenizer_sha256\" : \").", "$1x")
                        .replace("\"plain\"", "\"llama2\"")
                        .replace("\"max_length\" : 1024", "\"max_length\" : 64"),
                ": the tokenizer of the shards is x",
                ": the template of the shards is llama2, the one that is used now is plain",
                "the maximal length of the shards is 64, the one that is used now is 1024",
                "TOO_LONG: 40 rows");
        altered(text -> "{", "not a manifest of shards");
    }

    private static void altered(UnaryOperator<String> change, String... messages) throws IOException {
        Path file = folder.resolve("altered").resolve("_manifest.json");
        String text = Files.readString(file);
        Files.writeString(file, change.apply(text));
        String failures =
                String.join("\n", audit(List.of(), List.of(path("altered"))).failures());
        assertThat(failures).contains(messages);
        Files.writeString(file, text);
    }

    @Test
    void thePageAndTheTerminalEscapeWhatTheyShow() throws IOException {
        AuditReport report = audit(List.of(table(preferences(10, 1))), List.of());
        String page = AuditPage.html(report);
        assertThat(page)
                .contains("Audit passed")
                .doesNotContain("<script>", "{{", "\u001b", "\u202e")
                .contains("&lsaquo;U+202E&rsaquo;")
                .contains("<i class=\"p c\" title=\"&lt;s&gt; (1)\">&lt;s&gt;</i>")
                .contains("<i class=\"t c\" title=\"&lt;/s&gt; (2)\">&lt;/s&gt;</i>");
        String plain = printed(report, Ansi.OFF);
        assertThat(plain).doesNotContain("\u001b", "\u202e").contains("⟦<s>⟧").contains("«⟦</s>⟧»", "audit passed");
        String coloured = printed(report, Ansi.ON);
        assertThat(coloured).contains("\u001b[1;37;41m</s>\u001b[0m").contains("‹U+001B›[31m");
    }

    private static String printed(AuditReport report, Ansi ansi) {
        StringWriter text = new StringWriter();
        AuditTerminal.print(new PrintWriter(text), report, ansi);
        return text.toString();
    }

    @Test
    void aFailedAuditSaysWhatAndWhere() throws IOException {
        AuditReport passed = audit(List.of(table(preferences(4, 1))), List.of());
        AuditReport.Counts counts =
                new AuditReport.Counts("t", "<b>", 100, 9, 3, 6, Map.of(Rule.SECOND_BOS, 2L, Rule.EMPTY_RESPONSE, 1L));
        AuditReport failed = new AuditReport(
                passed.encoding(),
                passed.settings(),
                List.of(counts),
                List.of(new AuditReport.Violation(Rule.SECOND_BOS, "t", "<b>", "id-7", "chosen")),
                List.of(),
                List.of("a shard is broken"));
        assertThat(failed.failures())
                .containsExactly(
                        "a shard is broken",
                        "SECOND_BOS: 2 rows: BOS stands a second time",
                        "t, <b>: 6 of 100 rows (6.00 %) are truncated, audit.max-truncated-share allows 5.00 %;"
                                + " raise max-length or filter long rows");
        assertThat(AuditPage.html(failed))
                .contains("Audit failed", "<li>a shard is broken</li>", "t, &lt;b&gt;: 2 (2.00 %)", "id-7")
                .doesNotContain("<b><small>");
        assertThat(printed(failed, Ansi.OFF))
                .contains("audit failed", "- a shard is broken", "id-7", "broken  SECOND_BOS: 2");
    }
}
