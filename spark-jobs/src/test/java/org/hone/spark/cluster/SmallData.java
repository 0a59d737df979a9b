package org.hone.spark.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.hone.spark.fixture.HelpfulHarmless;
import org.hone.spark.fixture.TinyModels;
import org.hone.spark.prepare.CurateTables;
import org.hone.spark.prepare.DataFolder;
import org.hone.spark.prepare.ImportTables;
import org.hone.spark.prepare.PackTables;
import org.hone.spark.prepare.Sources;
import org.hone.spark.recipe.DataRecipe;
import org.hone.spark.recipe.RecipeReader;
import org.hone.spark.recipe.ResolvedRecipe;
import org.hone.spark.recipe.Variables;
import org.hone.spark.run.StageReport;

/** A team's data in the small: every kind of row, with duplicates, near-duplicates and a broken line. */
final class SmallData {
    private static final String RECIPE = """
            name: small
            seed: 5
            sources:
              - {name: ours, origin: own, path: "${data}/ours*.jsonl*", week: 1}
              - {name: theirs, axis: safety, path: "${data}/theirs.jsonl.gz", licence: MIT}
              - {name: demos, path: "${data}/demos.jsonl", weight: 1.5}
              - {name: prompts, path: "${data}/prompts.csv"}
              - {name: books, path: "${data}/books.txt"}
            evaluation-sets:
              - {name: exam, path: "${data}/exam.csv"}
            curation:
              held-out: {fraction: 0.1, weekly: 5}
              decontamination: {words: 6}
            encoding: {tokenizer: "${data}/tokenizer.model", template: plain, max-length: 128, response-tokens: 32}
            """;
    private static final List<String> WORDS = List.of(
            "river stone lamp window garden winter letter morning cloud paper forest island violin bridge".split(" "));

    private SmallData() {}

    /** Writes the raw files. */
    static void write(Path data) throws IOException {
        Random random = new Random(11);
        TinyModels.tokenizer(data.resolve("tokenizer.model"));
        List<String> questions = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            questions.add(words(random, 8 + random.nextInt(6)));
        }
        HelpfulHarmless.write(data.resolve("ours-1.jsonl"), pairs(random, questions, 50) + "{\"chosen\": \n");
        HelpfulHarmless.write(data.resolve("ours-2.jsonl.gz"), pairs(random, questions, 30));
        HelpfulHarmless.write(data.resolve("theirs.jsonl.gz"), pairs(random, questions, 50));
        StringBuilder demos = new StringBuilder();
        StringBuilder prompts = new StringBuilder("prompt,type,focus,note\n");
        StringBuilder books = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            demos.append("{\"instruction\": \"" + words(random, 7) + "\", \"input\": \"\", \"output\": \"")
                    .append(words(random, 5) + "\"}\n");
            prompts.append(words(random, 9)).append(",homonyms,x,\n");
            books.append(words(random, 30 + random.nextInt(60))).append("\n\n");
        }
        HelpfulHarmless.write(data.resolve("demos.jsonl"), demos.toString());
        HelpfulHarmless.write(data.resolve("prompts.csv"), prompts.toString());
        HelpfulHarmless.write(data.resolve("books.txt"), books.toString());
        HelpfulHarmless.write(
                data.resolve("exam.csv"), "prompt,type,focus,note\n" + questions.get(0) + ",homonyms,x,\n");
    }

    private static String pairs(Random random, List<String> questions, int count) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            String line = HelpfulHarmless.line(
                    questions.get(random.nextInt(questions.size())), words(random, 12), words(random, 6));
            lines.append(line).append('\n');
            if (i % 10 == 0) {
                lines.append(line.replaceFirst("river", "rivers")).append('\n');
            }
        }
        return lines.toString();
    }

    private static String words(Random random, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : " ").append(WORDS.get(random.nextInt(WORDS.size())));
        }
        return text.toString();
    }

    /** Imports, curates and packs. */
    static Map<String, StageReport> prepare(SparkSession spark, Path data, Path folder, int partitions)
            throws IOException {
        spark.conf().set("spark.sql.shuffle.partitions", partitions);
        // For a few hundred rows, generating and compiling code takes most of the time.
        spark.conf().set("spark.sql.codegen.wholeStage", false);
        spark.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
        ResolvedRecipe<DataRecipe> recipe = RecipeReader.readData(
                RECIPE, "small.yaml", new Variables(Map.of("data", data.toUri().toString())), path -> path);
        DataFolder opened =
                DataFolder.open(spark, folder.toString(), recipe.recipe().tables());
        Map<String, StageReport> reports = new LinkedHashMap<>();
        reports.put("import", ImportTables.run(opened, Sources.of(spark, recipe.recipe())));
        reports.put("curate", CurateTables.run(opened, recipe));
        reports.put("pack", PackTables.run(opened, recipe));
        return reports;
    }

    /** All rows of all tables, and of all shards in their order, with their manifests. */
    static Map<String, List<String>> content(SparkSession spark, Path folder) throws IOException {
        Map<String, List<String>> content = new TreeMap<>();
        for (String step : List.of("tables", "curated")) {
            for (Path table : listed(folder.resolve(step))) {
                if (Files.exists(table.resolve("_delta_log"))) {
                    List<String> rows = new ArrayList<>(spark.read()
                            .format("delta")
                            .load(table.toString())
                            .toJSON()
                            .collectAsList());
                    rows.sort(null);
                    content.put(folder.relativize(table).toString(), rows);
                }
            }
        }
        for (Path file : files(folder.resolve("shards"))) {
            String name = withoutJob(folder.relativize(file).toString());
            if (name.endsWith("_manifest.json")) {
                // Parquet's footers list encodings in an order that differs from process to process
                content.put(
                        name,
                        withoutJob(Files.readString(file))
                                .lines()
                                .filter(line -> !line.contains("\"sha256\""))
                                .toList());
            } else if (name.endsWith(".parquet")) {
                content.put(name, spark.read().parquet(file.toString()).toJSON().collectAsList());
            }
        }
        return content;
    }

    /** Spark names a file by its partition and by a random id of the job. */
    private static String withoutJob(String text) {
        return text.replaceAll("(part-\\d+)-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "$1");
    }

    /** Every file with its length and the time at which it was written. */
    static Map<String, String> state(Path folder) throws IOException {
        Map<String, String> state = new TreeMap<>();
        for (Path file : files(folder)) {
            state.put(folder.relativize(file).toString(), Files.size(file) + " " + Files.getLastModifiedTime(file));
        }
        return state;
    }

    private static List<Path> listed(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
