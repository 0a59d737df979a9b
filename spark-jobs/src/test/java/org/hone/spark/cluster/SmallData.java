package org.hone.spark.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
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
import org.hone.spark.recipe.TableFormat;
import org.hone.spark.recipe.Variables;
import org.hone.spark.run.StageReport;
import org.hone.spark.run.Storage;

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

    /**
     * Imports, curates and packs.
     *
     * @param data Hadoop path of the raw files
     * @param folder Hadoop path of the data folder
     */
    static Map<String, StageReport> prepare(
            SparkSession spark, String data, String folder, TableFormat format, int partitions) throws IOException {
        spark.conf().set("spark.sql.shuffle.partitions", partitions);
        // For a few hundred rows, generating and compiling code takes most of the time.
        spark.conf().set("spark.sql.codegen.wholeStage", false);
        spark.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
        ResolvedRecipe<DataRecipe> recipe = recipe(data);
        DataFolder opened = DataFolder.open(spark, folder, format);
        Map<String, StageReport> reports = new LinkedHashMap<>();
        reports.put("import", ImportTables.run(opened, Sources.of(spark, recipe.recipe())));
        reports.put("curate", CurateTables.run(opened, recipe));
        reports.put("pack", PackTables.run(opened, recipe));
        return reports;
    }

    static ResolvedRecipe<DataRecipe> recipe(String data) {
        return RecipeReader.readData(RECIPE, "small.yaml", new Variables(Map.of("data", data)), path -> path);
    }

    /** All rows of all tables, and of all shards in their order, with their manifests; the raw files' folder left out. */
    static Map<String, List<String>> content(SparkSession spark, String data, String folder) throws IOException {
        Storage storage = new Storage(spark.sparkContext().hadoopConfiguration());
        Map<String, List<String>> content = new TreeMap<>();
        for (String step : List.of("tables", "curated")) {
            for (String table : storage.list(folder + "/" + step)) {
                String path = folder + "/" + step + "/" + table;
                if (storage.exists(path + "/_delta_log") || storage.exists(path + "/_SUCCESS")) {
                    String format = storage.exists(path + "/_delta_log") ? "delta" : "parquet";
                    List<String> rows =
                            new ArrayList<>(rows(spark.read().format(format).load(path), data));
                    rows.sort(null);
                    content.put(step + "/" + table, rows);
                }
            }
        }
        for (String shards : storage.list(folder + "/shards")) {
            for (String file : storage.list(folder + "/shards/" + shards)) {
                String path = folder + "/shards/" + shards + "/" + file;
                if (file.equals("_manifest.json")) {
                    // Parquet's footers list encodings in an order that differs from process to process
                    content.put(
                            "shards/" + shards,
                            withoutJob(storage.readText(path))
                                    .lines()
                                    .filter(line -> !line.contains("\"sha256\""))
                                    .toList());
                } else if (file.endsWith(".parquet")) {
                    content.put(
                            "shards/" + shards + "/" + withoutJob(file),
                            rows(spark.read().parquet(path), data));
                }
            }
        }
        return content;
    }

    private static List<String> rows(Dataset<Row> rows, String data) {
        return rows.toJSON().collectAsList().stream()
                .map(row -> row.replace(data, ""))
                .toList();
    }

    /** Spark names a file by its partition and by a random id of the job. */
    private static String withoutJob(String text) {
        return text.replaceAll("(part-\\d+)-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "$1");
    }

    /** Every file with its length and the time at which it was written. */
    static Map<String, String> state(SparkSession spark, String folder) throws IOException {
        Map<String, String> state = new TreeMap<>();
        FileSystem files = new Storage(spark.sparkContext().hadoopConfiguration()).fileSystem(folder);
        RemoteIterator<LocatedFileStatus> found = files.listFiles(new org.apache.hadoop.fs.Path(folder), true);
        while (found.hasNext()) {
            FileStatus file = found.next();
            state.put(file.getPath().toString(), file.getLen() + " " + file.getModificationTime());
        }
        return state;
    }
}
