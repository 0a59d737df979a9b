package org.hone.spark.importer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.hone.data.importer.text.Text;
import org.hone.spark.fixture.HelpfulHarmless;
import org.hone.spark.fixture.LocalSession;
import org.hone.spark.raw.Chunk;
import org.hone.spark.raw.Container;
import org.hone.spark.raw.RawFiles;
import org.hone.spark.table.DataTables;
import org.hone.spark.table.Table;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class ImporterTest {
    private static final Table QUARANTINE = DataTables.QUARANTINE;
    private static final String LINE = HelpfulHarmless.line("why?", "because", "no");

    @LocalSession
    private static SparkSession spark;

    @TempDir
    private Path folder;

    private void file(String name, String text) {
        try {
            HelpfulHarmless.write(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ImportSource source(String name, String... files) {
        return source(name, null, files);
    }

    private ImportSource source(String name, @Nullable Integer week, String... files) {
        List<String> paths = new ArrayList<>();
        for (String file : files) {
            paths.add(folder.resolve(file).toUri().toString());
        }
        return new ImportSource(name, paths, null, week, "MIT");
    }

    /** Imports; every record that was read is accounted for, or this fails. */
    private Landed read(ImportSource... sources) {
        try {
            return read(ImportPlan.of(spark, Arrays.asList(sources)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Landed read(ImportPlan plan) {
        Landed landed = new Importer(spark).read(plan);
        Row sums = landed.ledger()
                .selectExpr("sum(rows)", "sum(preferences + sft + prompts + documents + quarantined)", "sum(records)")
                .first();
        assertThat(sums.getLong(0)).isEqualTo(landed.rowCount()).isEqualTo(sums.getLong(1));
        assertThat(sums.getLong(2)).isEqualTo(landed.records());
        return landed;
    }

    private static List<String> reasons(Landed landed) {
        return texts(landed.table(QUARANTINE), "concat(regexp_extract(file, '[^/]*$', 0), ' ', record, ' ', reason)");
    }

    private static List<String> texts(Dataset<Row> rows, String expression) {
        return rows.selectExpr(expression).collectAsList().stream()
                .map(row -> row.getString(0))
                .sorted()
                .toList();
    }

    @Test
    void everyBrokenFileIsAccountedFor() throws IOException {
        file("a-empty.jsonl", "");
        file("b-one.jsonl", LINE);
        file("c-plain.jsonl.gz.tmp", LINE + "\r\n" + HelpfulHarmless.line("who?", "me", "you") + "\r");
        Files.move(folder.resolve("c-plain.jsonl.gz.tmp"), folder.resolve("c-plain.jsonl.gz"));
        byte[] bytes = Files.readAllBytes(
                HelpfulHarmless.write(folder.resolve("whole.gz"), HelpfulHarmless.line("when?", "now", "then") + "\n"));
        Files.write(folder.resolve("d-cut.jsonl.gz"), Arrays.copyOf(bytes, bytes.length / 2));
        file("e-nul.jsonl", "\0\0\n" + HelpfulHarmless.line("nul \\u0000?", "yes", "no") + "\n");
        file("f-binary.jsonl", new String(new byte[] {-1, -2, 10, 0, 10}, StandardCharsets.ISO_8859_1));
        file("g-half.parquet", "PAR1 and no end");
        file("h-open.json", "[" + LINE + ",");
        file("i-deep.jsonl", "{\"chosen\": " + "[".repeat(50_000) + "\n" + LINE.replace("why", "deep"));
        try (Landed landed = read(source(
                "hh",
                "a-empty.jsonl",
                "b-one.jsonl",
                "c-plain.jsonl.gz",
                "d-cut.jsonl.gz",
                "e-nul.jsonl",
                "f-binary.jsonl",
                "g-half.parquet",
                "h-open.json",
                "i-deep.jsonl"))) {
            assertThat(reasons(landed))
                    .containsExactly(
                            "c-plain.jsonl.gz 1 DUPLICATE",
                            "d-cut.jsonl.gz 1 UNREADABLE_FILE",
                            "e-nul.jsonl 1 MALFORMED_JSON",
                            "f-binary.jsonl 1 MALFORMED_JSON",
                            "f-binary.jsonl 2 MALFORMED_JSON",
                            "g-half.parquet 1 UNREADABLE_FILE",
                            "h-open.json 1 DUPLICATE",
                            "h-open.json 2 UNREADABLE_FILE",
                            "i-deep.jsonl 1 MALFORMED_JSON");
            assertThat(texts(landed.table(DataTables.PREFERENCES), "prompt[0].text"))
                    .containsExactly("deep?", "nul \0?", "who?", "why?");
            assertThat(landed.records()).isEqualTo(13);
        }
    }

    @Test
    void halvesOfCharactersAreRefusedInEveryContainer() throws IOException {
        String csv = "prompt,type,completion,final_label\n\377,homonyms,yes,1_full_compliance\n";
        Files.write(folder.resolve("a.csv"), csv.getBytes(StandardCharsets.ISO_8859_1));
        String json = "[" + LINE.replace("why", "\377") + ", " + LINE + "]";
        Files.write(folder.resolve("b.json"), json.getBytes(StandardCharsets.ISO_8859_1));
        Files.write(folder.resolve("c.txt"), "one\377\n\ntwo\n".getBytes(StandardCharsets.ISO_8859_1));
        Files.write(
                folder.resolve("d.jsonl"),
                json.substring(1).replace("}, ", "}\n").getBytes(StandardCharsets.ISO_8859_1));
        try (Landed landed = read(
                source("csv", "a.csv"),
                source("json", "b.json"),
                source("text", "c.txt"),
                source("lines", "d.jsonl"))) {
            assertThat(reasons(landed))
                    .containsExactly(
                            "a.csv 1 INVALID_UNICODE",
                            "b.json 1 INVALID_UNICODE",
                            "c.txt 1 INVALID_UNICODE",
                            "d.jsonl 1 INVALID_UNICODE",
                            "d.jsonl 2 MALFORMED_JSON");
        }
    }

    @Test
    void hugeRecordsAreRows() throws IOException {
        StringBuilder turns = new StringBuilder("{\"messages\": [");
        for (int i = 0; i < 100_000; i++) {
            String role = i % 2 == 0 ? "user" : "assistant";
            turns.append(i == 0 ? "" : ",").append("{\"role\": \"" + role + "\", \"content\": \"turn " + i + "\"}");
        }
        file("chat.jsonl", turns + "]}\n");
        file("long.jsonl", HelpfulHarmless.line("why? " + "x".repeat(10_000_000), "because", "no"));
        try (Landed landed = read(source("chat", "chat.jsonl"), source("long", "long.jsonl"))) {
            assertThat(reasons(landed)).isEmpty();
            Row chat = landed.table(DataTables.SFT)
                    .selectExpr("size(prompt)", "response")
                    .first();
            assertThat(chat.getInt(0)).isEqualTo(99_999);
            assertThat(chat.getString(1)).isEqualTo("turn 99999");
            assertThat(landed.table(DataTables.PREFERENCES)
                            .selectExpr("length(prompt[0].text)")
                            .first()
                            .getInt(0))
                    .isEqualTo(10_000_005);
        }
    }

    @Test
    void parquetMayNest() {
        spark.sql("select 'hi' prompt, array(named_struct('role', 'user', 'content', concat('q', id)),"
                        + " named_struct('role', 'assistant', 'content', 'a')) messages, map('k', 1) extra,"
                        + " cast(null as string) none, id from range(7)")
                .coalesce(1)
                .write()
                .parquet(folder.resolve("p").toString());
        String part = part("p");
        try (Landed landed = read(source("chat", part))) {
            assertThat(texts(landed.table(DataTables.SFT), "prompt[0].text"))
                    .containsExactly("q0", "q1", "q2", "q3", "q4", "q5", "q6");
        }
    }

    private String part(String table) {
        try (var files = Files.list(folder.resolve(table))) {
            return files.map(file -> table + "/" + file.getFileName())
                    .filter(name -> name.endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void damagedParquetKeepsTheChunksThatAreWhole() throws IOException {
        spark.range(0, 4_000, 1, 1)
                .selectExpr("concat('text ', id, ' ', sha2(string(id), 512)) text")
                .write()
                .option("parquet.block.size", "65536")
                .option("parquet.block.size.row.check.min", "10")
                .option("parquet.page.size.row.check.min", "10")
                .parquet(folder.resolve("p").toString());
        Path whole = folder.resolve(part("p"));
        byte[] bytes = Files.readAllBytes(whole);
        assertThat(chunks(whole)).hasSizeGreaterThan(3);
        Path cut = Files.write(folder.resolve("cut.parquet"), Arrays.copyOf(bytes, bytes.length / 2));
        byte[] altered = bytes.clone();
        Arrays.fill(altered, bytes.length / 2, bytes.length / 2 + 50_000, (byte) 0x5a);
        Path damaged = Files.write(folder.resolve("damaged.parquet"), altered);
        try (Landed landed = read(planned(whole, cut, damaged))) {
            assertThat(reasons(landed))
                    .hasSizeGreaterThan(1)
                    .allMatch(reason -> reason.endsWith(" UNREADABLE_FILE"))
                    .startsWith("cut.parquet 1 UNREADABLE_FILE")
                    .filteredOn(reason -> !reason.startsWith("damaged.parquet"))
                    .as("the file that is cut off is refused once, the other is whole")
                    .hasSize(1);
            Row rows = landed.ledger()
                    .agg(functions.max("documents"), functions.expr("max(documents) filter (where source like 'd%')"))
                    .first();
            assertThat(rows.getLong(0))
                    .as("records are numbered across the row groups")
                    .isEqualTo(4_000);
            assertThat(rows.getLong(1)).isBetween(1_000L, 3_999L);
        }
    }

    private List<Chunk> chunks(Path file) throws IOException {
        return RawFiles.chunks(
                file.toUri().toString(),
                Container.PARQUET,
                spark.sparkContext().hadoopConfiguration(),
                Files.size(file) / 5);
    }

    /** The plan of files in five chunks each, if they can be cut. */
    private ImportPlan planned(Path... files) throws IOException {
        List<ImportPlan.PlannedFile> planned = new ArrayList<>();
        List<ImportChunk> chunks = new ArrayList<>();
        for (Path file : files) {
            ImportSource source = source(
                    file.getFileName().toString(), folder.relativize(file).toString());
            planned.add(new ImportPlan.PlannedFile(source.files().get(0), "", source, new Text()));
            chunks(file).forEach(chunk -> chunks.add(new ImportChunk(chunk, source, new Text())));
        }
        return new ImportPlan(planned, chunks);
    }

    @Test
    void aFileMayBelongToTwoSources() {
        file("hh.jsonl", LINE + "\n{}\n" + HelpfulHarmless.line("who?", "me", "you"));
        try (Landed landed = read(source("one", "hh.jsonl"), source("two", 3, "hh.jsonl"))) {
            assertThat(texts(landed.table(DataTables.PREFERENCES), "concat(source, ' ', ifnull(string(week), 'none'))"))
                    .containsExactly("one none", "one none", "two 3", "two 3");
            assertThat(texts(landed.ledger(), "concat(source, records, rows, preferences, quarantined)"))
                    .containsExactly("one3321", "two3321");
        }
    }

    @Test
    void completionsAreComparedAcrossFiles() {
        String header = "prompt,type,completion,final_label\n";
        file(
                "a.csv",
                header + "kill a process,homonyms,use kill,1_full_compliance\n"
                        + "only here,homonyms,fine,1_full_compliance\n");
        file(
                "b.csv",
                header + "kill a process,homonyms,I cannot,2_full_refusal\n"
                        + "kill a process,homonyms,\"well, maybe\",3_partial_refusal\n");
        try (Landed landed = read(source("x", "a.csv", "b.csv"))) {
            assertThat(texts(landed.table(DataTables.PREFERENCES), "concat(chosen, ' > ', rejected)"))
                    .containsExactly("use kill > I cannot", "use kill > well, maybe", "well, maybe > I cannot");
            assertThat(reasons(landed)).containsExactly("a.csv 2 NOTHING_TO_COMPARE");
            assertThat(landed.records()).isEqualTo(4);
        }
    }

    @Test
    void anUnknownFormatSaysWhatWasSeen() {
        file("odd.jsonl", "{\"foo\": 1, \"bar\": 2}\n");
        assertThatThrownBy(() -> read(source("odd", "odd.jsonl")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "odd.jsonl: format: no format recognises the first 1 records, which have the fields"
                                + " [foo, bar]")
                .hasMessageContaining("give --format");
    }
}
