package org.hone.spark.stage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.hone.spark.fixture.HelpfulHarmless;
import org.hone.spark.fixture.LocalSession;
import org.hone.spark.fixture.LocalSpark;
import org.hone.spark.run.StageReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class ImportStageTest {
    private static final String GOOD = HelpfulHarmless.line("why is the sky blue?", "light scatters", "no idea");
    private static final String OTHER = HelpfulHarmless.line("İstanbul'da kış?", "ılık", "soğuk");

    @LocalSession
    private static SparkSession spark;

    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init") // run sets it
    private StageContext context;

    @SuppressWarnings("NullAway.Init") // run sets it
    private StageReport report;

    private void run(String name, String... sources) throws IOException {
        String recipe = """
                name: import
                base-model: none
                preferences:
                  sources:
                """ + "    - {fine-tuning-target: true, " + String.join("}\n    - {", sources) + "}\n";
        context = LocalSpark.run(spark, folder.resolve(name), recipe);
        report = new ImportStage().run(context);
        assertThat(report.number("rows_in")).isEqualTo(report.number("imported") + report.number("quarantined"));
    }

    private String source(String name, String files) {
        return "name: " + name + ", path: \"" + folder.resolve(files) + "\"";
    }

    private List<Row> rows(org.hone.spark.table.Table table) {
        return context.read(table).collectAsList();
    }

    private Map<Long, String> reasons() {
        Map<Long, String> reasons = new TreeMap<>();
        rows(ImportStage.QUARANTINE).forEach(row -> reasons.put(row.getAs("record"), row.getAs("reason")));
        return reasons;
    }

    private List<String> ids() {
        return context.read(ImportStage.PREFERENCES).orderBy("id").collectAsList().stream()
                .map(row -> row.<String>getAs("id"))
                .toList();
    }

    @Test
    void everyRefusedLineHasItsReason() throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        List<String> lines = List.of(
                GOOD,
                "",
                "{\"chosen\": \"cut",
                "{\"chosen\": \"only\"}",
                "{\"chosen\": 1, \"rejected\": \"two\"}",
                "{\"chosen\": \"hello\", \"rejected\": \"hello\"}",
                "{\"chosen\": \"\\n\\nHuman: a\\n\\nAssistant: b\", \"rejected\": \"\\n\\nHuman: c\\n\\nAssistant: d\"}",
                HelpfulHarmless.line("same?", "yes", "yes"),
                HelpfulHarmless.line("empty?", "", "no"),
                HelpfulHarmless.line("", "what?", "pardon?"),
                GOOD,
                "{\"chosen\": \"\\n\\nHuman: half \\ud83d\\n\\nAssistant: b\", \"rejected\": \"x\"}");
        for (String line : lines) {
            file.writeBytes((line + "\n").getBytes(StandardCharsets.UTF_8));
        }
        file.writeBytes(new byte[] {'{', (byte) 0xff, (byte) 0xfe, '}', '\n'});
        file.writeBytes(OTHER.getBytes(StandardCharsets.UTF_8)); // the last line has no line feed
        Path path = HelpfulHarmless.write(folder.resolve("hh.jsonl"), file.toByteArray());
        run("run", source("hh", "hh.jsonl"));
        assertThat(reasons())
                .containsExactly(
                        Map.entry(2L, "MALFORMED_JSON"),
                        Map.entry(3L, "MALFORMED_JSON"),
                        Map.entry(4L, "MISSING_FIELD"),
                        Map.entry(5L, "WRONG_TYPE"),
                        Map.entry(6L, "NOT_A_DIALOGUE"),
                        Map.entry(7L, "DIFFERING_CONTEXTS"),
                        Map.entry(8L, "IDENTICAL_RESPONSES"),
                        Map.entry(9L, "EMPTY_RESPONSE"),
                        Map.entry(10L, "EMPTY_TURN"),
                        Map.entry(11L, "DUPLICATE"),
                        Map.entry(12L, "INVALID_UNICODE"),
                        Map.entry(13L, "INVALID_UNICODE"));
        assertThat(report.number("rows_in")).isEqualTo(14);
        assertThat(rows(ImportStage.PREFERENCES)).hasSize(2);
        assertThat(report.number("imported hh")).isEqualTo(2);
        assertThat(report.number("quarantined hh MALFORMED_JSON")).isEqualTo(2);
        assertThat(rows(ImportStage.QUARANTINE)).allSatisfy(row -> {
            assertThat(row.<String>getAs("source")).isEqualTo("hh");
            assertThat(Path.of(java.net.URI.create(row.getAs("file")))).isEqualTo(path);
            assertThat(row.<String>getAs("detail")).isNotEmpty();
        });
    }

    @Test
    void whatTheFileDoesNotSayIsNull() throws IOException {
        HelpfulHarmless.write(folder.resolve("hh.jsonl"), OTHER + "\n");
        HelpfulHarmless.write(folder.resolve("weekly.jsonl"), GOOD + "\n");
        run("run", source("hh", "hh.jsonl"), source("weekly", "weekly.jsonl") + ", week: 7");
        Row row = context.read(ImportStage.PREFERENCES).filter("source = 'hh'").first();
        for (String column : List.of("rating", "safety_bin", "week", "annotator")) {
            assertThat(row.isNullAt(row.fieldIndex(column))).as(column).isTrue();
        }
        assertThat(row.<String>getAs("chosen")).isEqualTo("ılık");
        assertThat(row.<Row>getList(row.fieldIndex("prompt")).get(0).getString(1))
                .isEqualTo("İstanbul'da kış?");
        Row weekly = context.read(ImportStage.PREFERENCES)
                .filter("source = 'weekly'")
                .first();
        assertThat(weekly.<Integer>getAs("week")).isEqualTo(7);
    }

    @Test
    void compressionAndLineEndsDoNotMatter() throws IOException {
        HelpfulHarmless.write(folder.resolve("plain/a.jsonl"), GOOD + "\n" + OTHER + "\n");
        HelpfulHarmless.write(folder.resolve("windows/a.jsonl"), GOOD + "\r\n" + OTHER + "\r\n");
        HelpfulHarmless.write(folder.resolve("small/a.jsonl.gz"), GOOD + "\n" + OTHER);
        run("run", source("plain", "plain"), source("windows", "windows"), source("small", "small/*.gz"));
        Map<String, List<String>> texts = new TreeMap<>();
        for (Row row : context.read(ImportStage.PREFERENCES).orderBy("chosen").collectAsList()) {
            texts.computeIfAbsent(row.getAs("source"), name -> new ArrayList<>())
                    .add(row.getAs("prompt") + " " + row.getAs("chosen") + " " + row.getAs("rejected"));
        }
        assertThat(texts.get("plain")).hasSize(2);
        assertThat(texts.get("windows")).isEqualTo(texts.get("plain"));
        assertThat(texts.get("small")).isEqualTo(texts.get("plain"));
        assertThat(ids()).as("one id a source and comparison").doesNotHaveDuplicates();
    }

    @Test
    void idsComeFromTheRowsAlone() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 14; i++) {
            lines.add(HelpfulHarmless.line("question " + i, "answer " + i, "no"));
        }
        List<List<String>> imports = new ArrayList<>();
        for (int files : new int[] {1, 2, 7}) {
            for (int file = 0; file < files; file++) {
                int each = lines.size() / files;
                HelpfulHarmless.write(
                        folder.resolve(files + "/part-" + file + ".jsonl"),
                        String.join("\n", lines.subList(file * each, (file + 1) * each)));
            }
            run("run-" + files, source("hh", files + ""));
            imports.add(ids());
        }
        // SHA-256 of 2:hh 4:USER 10:question 0 8:answer 0 2:no, each length in bytes before its text, 32 digits of it
        assertThat(imports.get(0)).hasSize(14).contains("45acc5aa40667c64aee5c802bc234ecf");
        assertThat(imports).allSatisfy(rows -> assertThat(rows).isEqualTo(imports.get(0)));
    }

    @Test
    void theFirstOfEqualRowsStays() throws IOException {
        HelpfulHarmless.write(folder.resolve("hh/b.jsonl"), GOOD + "\n" + OTHER + "\n");
        HelpfulHarmless.write(folder.resolve("hh/a.jsonl.gz"), "\n" + GOOD + "\n");
        HelpfulHarmless.write(folder.resolve("hh/c.jsonl"), GOOD + "\n");
        run("run", source("hh", "hh"));
        assertThat(report.number("imported")).isEqualTo(2);
        assertThat(context.read(ImportStage.QUARANTINE)
                        .filter("reason = 'DUPLICATE'")
                        .orderBy("file")
                        .collectAsList())
                .extracting(row ->
                        Path.of(java.net.URI.create(row.getAs("file"))).getFileName() + ":" + row.getAs("record"))
                .containsExactly("b.jsonl:1", "c.jsonl:1");
    }

    @Test
    void emptyFilesAndVeryLongLinesAreFine() throws IOException {
        String essay = "words and ".repeat(100_000);
        HelpfulHarmless.write(folder.resolve("hh/empty.jsonl"), "");
        HelpfulHarmless.write(folder.resolve("hh/none.jsonl.gz"), "");
        HelpfulHarmless.write(folder.resolve("hh/one.jsonl"), GOOD);
        HelpfulHarmless.write(
                folder.resolve("hh/long.jsonl"),
                HelpfulHarmless.line("an essay", essay, "no") + "\n[\"" + essay + "\"]\n" + OTHER + "\n");
        run("run", source("hh", "hh"));
        assertThat(report.number("rows_in")).isEqualTo(4);
        assertThat(rows(ImportStage.PREFERENCES))
                .extracting(row -> row.<String>getAs("chosen").length())
                .contains(essay.length());
        String raw = rows(ImportStage.QUARANTINE).get(0).getAs("raw");
        assertThat(raw.length()).isLessThan(5_000);
        assertThat(raw).endsWith("characters in all)");
    }

    @Test
    void aFileThatIsCutOffIsNamedWithItsLine() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 2_000; i++) {
            text.append(HelpfulHarmless.line("question " + Integer.toHexString(i * 7_919), "yes " + i * i, "no"))
                    .append('\n');
        }
        Path file = HelpfulHarmless.write(folder.resolve("hh/cut.jsonl.gz"), text.toString());
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));
        run("run", source("hh", "hh"));
        Row refused = rows(ImportStage.QUARANTINE).get(0);
        long imported = (long) report.number("imported");
        assertThat(imported).isBetween(500L, 1_500L);
        assertThat(refused.<String>getAs("reason")).isEqualTo("UNREADABLE_FILE");
        assertThat(refused.<Long>getAs("record")).isEqualTo(imported + 1);
        assertThat(refused.<String>getAs("detail"))
                .contains("the file cannot be read from record " + (imported + 1) + " on")
                .contains("it is cut off or not what its name says: fetch it again");
    }

    @Test
    void aNameThatPromisesGzipIsNotBelieved() throws IOException {
        Files.createDirectories(folder.resolve("hh"));
        Files.writeString(folder.resolve("hh/plain.jsonl.gz"), GOOD + "\n" + OTHER + "\n");
        run("run", source("hh", "hh"));
        assertThat(report.number("imported")).isEqualTo(2);
    }

    @Test
    void aSourceWithoutFilesIsNamed() {
        assertThatThrownBy(() -> run("run", source("hh", "absent/*.jsonl")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("preferences.sources: hh: no file at ");
    }

    @Test
    void rowsOfATableAreCheckedToo() throws IOException {
        HelpfulHarmless.write(folder.resolve("hh.jsonl"), GOOD + "\n" + OTHER + "\n");
        run("first", source("hh", "hh.jsonl"));
        context.read(ImportStage.PREFERENCES)
                .withColumn("rejected", org.apache.spark.sql.functions.expr("if(chosen = 'ılık', null, rejected)"))
                .withColumn("rating", org.apache.spark.sql.functions.lit("BETTER"))
                .write()
                .parquet(folder.resolve("table").toString());
        run("second", source("rated", "table") + ", format: parquet");
        assertThat(rows(ImportStage.QUARANTINE))
                .extracting(row -> row.<String>getAs("reason"))
                .containsExactly("MISSING_FIELD");
        Row kept = rows(ImportStage.PREFERENCES).get(0);
        assertThat(kept.<String>getAs("rating")).isEqualTo("BETTER");
        assertThat(kept.<String>getAs("source")).isEqualTo("rated");
    }

    @Test
    void everyRoundImportsWhatIsNewInIt() throws IOException {
        HelpfulHarmless.write(folder.resolve("first.jsonl"), GOOD + "\n");
        HelpfulHarmless.write(folder.resolve("second.jsonl"), OTHER + "\n");
        run("run", source("first", "first.jsonl"), source("second", "second.jsonl") + ", from-round: 2");
        assertThat(report.number("imported")).isEqualTo(1);
        StageContext second = context.ofRound(2);
        assertThat(new ImportStage().run(second).number("imported")).isEqualTo(1);
        StageContext third = context.ofRound(3);
        assertThat(new ImportStage().run(third).number("rows_in")).isZero();
        assertThat(third.readSoFar(ImportStage.PREFERENCES).collectAsList())
                .extracting(row -> row.<String>getAs("source"))
                .containsExactlyInAnyOrder("first", "second");
    }
}
