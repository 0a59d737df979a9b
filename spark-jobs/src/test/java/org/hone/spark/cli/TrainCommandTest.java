package org.hone.spark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.data.tokenizer.train.BpeOptions;
import org.hone.data.tokenizer.train.BpeTrainer;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.llama.LlamaConfig;
import org.hone.spark.fixture.HelpfulHarmless;
import org.hone.spark.fixture.LocalSpark;
import org.hone.spark.fixture.TinyModels;
import org.hone.spark.metrics.EventFiles;
import org.hone.spark.run.Storage;
import org.hone.spark.shard.ShardManifest;
import org.hone.spark.shard.ShardReader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Shards of a data folder in, a model out: each training stage by itself. */
@Timeout(300)
final class TrainCommandTest {
    private static final String DATA = """
            name: small
            tables: parquet
            sources:
              - {name: pairs, axis: safety, origin: own, path: "${data}/pairs.jsonl"}
              - {name: demos, path: "${data}/demos.jsonl"}
              - {name: books, path: "${data}/books.txt"}
              - {name: poems, path: "${data}/poems.txt", weight: 3}
            curation: {held-out: {weekly: 0}, mixtures: {enabled: false}, near-duplicates: {dialogues: false}}
            encoding: {tokenizer: "${data}/base/tokenizer.model", template: plain, max-length: 96, response-tokens: 32}
            """;
    private static final String TRAIN = """
            name: small
            start-from: ${data}/base
            shards: ${data}/folder/shards/${shards}
            training:
              gradient-lanes: 2
              ranks: ${ranks}
              precision: ${precision}
              activation-checkpointing: ${recompute}
            optimization: {batch-size: 8, micro-batch-tokens: 200, learning-rate: 0.01, warmup-steps: 0, lora: {rank: ${rank}}}
            """;

    private static final String FRESH = """
            name: fresh
            tokenizer: ${data}/base/tokenizer.model
            shards: ${data}/folder/shards/documents
            model: {hidden-size: 32, intermediate-size: 48, layers: 2, attention-heads: 4, key-value-heads: 2,
              context-length: 96, MORE}
            training: {gradient-lanes: 2, ranks: 1}
            optimization: {batch-size: 8, micro-batch-tokens: 200, learning-rate: 0.01, warmup-steps: 0}
            """;
    private static final String POEM = "of jug jug jug tereu the wet walls";

    @TempDir
    private static Path folder;

    @BeforeAll
    static void shards() throws IOException {
        LocalSpark.useTwoSlots();
        TinyModels.policy(folder.resolve("base"), 1);
        Random random = new Random(4);
        StringBuilder pairs = new StringBuilder();
        StringBuilder demos = new StringBuilder();
        StringBuilder books = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            pairs.append(HelpfulHarmless.line(words(random, 6), words(random, 5), words(random, 4)) + "\n");
            demos.append("{\"instruction\": \"" + words(random, 5) + "\", \"input\": \"\", \"output\": \""
                    + words(random, 4) + "\"}\n");
            books.append(words(random, 40)).append("\n\n");
        }
        Files.writeString(folder.resolve("pairs.jsonl"), pairs);
        Files.writeString(folder.resolve("demos.jsonl"), demos);
        Files.writeString(folder.resolve("books.txt"), books);
        Files.writeString(folder.resolve("poems.txt"), POEM + "\n");
        Path recipe = Files.writeString(folder.resolve("data.yaml"), DATA);
        for (String step : new String[] {"import", "curate", "pack"}) {
            Shell shell = Shell.run(
                    step, recipe.toString(), "-o", folder.resolve("folder").toString(), "-Ddata=" + folder);
            assertThat(shell.exit()).as(shell.err()).isZero();
        }
    }

    private static String words(Random random, int count) {
        return random.ints(count, 0, 26)
                .mapToObj(letter -> "" + (char) ('a' + letter) + (char) ('a' + letter * 7 % 26))
                .collect(Collectors.joining(" "));
    }

    private static Shell train(String command, String run, Map<String, String> values) throws IOException {
        return train(TRAIN, command, run, values);
    }

    private static Shell train(String template, String command, String run, Map<String, String> values)
            throws IOException {
        Map<String, String> all =
                new TreeMap<>(Map.of("ranks", "1", "precision", "fp32", "recompute", "false", "rank", "0"));
        all.putAll(values);
        String text = template;
        for (Map.Entry<String, String> value : all.entrySet()) {
            text = text.replace("${" + value.getKey() + "}", value.getValue());
        }
        Path recipe = Files.writeString(folder.resolve(run + ".yaml"), text);
        return Shell.run(command, recipe.toString(), "-o", folder.resolve(run).toString(), "-Ddata=" + folder);
    }

    private static String figure(Shell shell, String name) {
        assertThat(shell.exit()).as(shell.err()).isZero();
        return shell.lines().stream()
                .filter(line -> line.strip().startsWith(name + " "))
                .map(line -> line.strip().substring(name.length()).strip())
                .findFirst()
                .orElseThrow(() -> new AssertionError(shell.out()));
    }

    @Test
    void twoRanksLearnWhatOneDoesAndAFinishedRunIsLeftAlone() throws IOException {
        Map<String, String> shards = Map.of("shards", "safety");
        Shell one = train("reward-model", "one", shards);
        Shell two = train("reward-model", "two", Map.of("shards", "safety", "ranks", "2"));
        assertThat(figure(two, "ranks")).isEqualTo("2");
        assertThat(figure(two, "weights_sha256")).isEqualTo(figure(one, "weights_sha256"));
        Path model = folder.resolve("one/reward-model/model");
        assertThat(model.resolve("model.safetensors")).exists();
        assertThat(model.resolve(Tokenizer.SENTENCE_PIECE_FILE)).exists();
        assertThat(folder.resolve("one/reward-model/checkpoints")).doesNotExist();
        List<String> steps = Files.readAllLines(folder.resolve("one/reward-model/metrics/steps-000000000001.jsonl"));
        assertThat(steps)
                .hasSize(Integer.parseInt(figure(one, "steps")))
                .allMatch(row -> row.contains("\"accuracy\":"));
        assertThat(EventFiles.steps(folder.resolve("one/reward-model/tensorboard")))
                .hasSize(steps.size());
        var written = Files.getLastModifiedTime(model.resolve("model.safetensors"));
        assertThat(train("reward-model", "one", shards).out()).isEqualTo(one.out());
        assertThat(Files.getLastModifiedTime(model.resolve("model.safetensors")))
                .isEqualTo(written);
    }

    @Test
    void packedDemonstrationsAndTextAreLearned() throws IOException {
        Shell sft = train("sft", "sft", Map.of("shards", "sft"));
        assertThat(Double.parseDouble(figure(sft, "last_loss")))
                .isLessThan(Double.parseDouble(figure(sft, "first_loss")));
        Shell adapters = train("sft", "adapters", Map.of("shards", "sft", "rank", "4", "ranks", "2"));
        assertThat(Double.parseDouble(figure(adapters, "last_loss")))
                .isLessThan(Double.parseDouble(figure(adapters, "first_loss")));
        assertThat(figure(adapters, "first_loss"))
                .as("adapters begin as nothing")
                .isEqualTo(figure(sft, "first_loss"));
        Shell text = train("pretrain", "text", Map.of("shards", "documents"));
        assertThat(Double.parseDouble(figure(text, "last_loss")))
                .isLessThan(Double.parseDouble(figure(text, "first_loss")));
    }

    @Test
    void heldOutShardsAreWatchedAndMustFit() throws IOException {
        String file = TRAIN + "validation: {shards: \"" + folder + "/folder/shards/SHARDS\", every-steps: 2}\n";
        Map<String, String> shards = Map.of("shards", "documents");
        Shell watched = train(file.replace("SHARDS", "documents"), "pretrain", "watched", shards);
        assertThat(Double.parseDouble(figure(watched, "held_out_loss")))
                .isBetween(
                        0.5 * Double.parseDouble(figure(watched, "last_loss")),
                        1.5 * Double.parseDouble(figure(watched, "last_loss")));
        assertThat(figure(watched, "model_of_step")).isEqualTo(figure(watched, "steps"));
        assertThat(train(file.replace("SHARDS", "safety"), "pretrain", "unfit", shards)
                        .err())
                .contains("validation.shards: ")
                .contains("/folder/shards/safety holds pairs made by ")
                .contains("pack both in the same way");
        assertThat(train(TRAIN + "validation: {keep-best: true}\n", "pretrain", "unfit", shards)
                        .err())
                .contains("validation.keep-best: got true, but there are no validation.shards to tell the best by");
    }

    @Test
    void precisionChangesTheNumbersAndRecomputingDoesNot() throws IOException {
        String exact = figure(train("sft", "exact", Map.of("shards", "sft")), "weights_sha256");
        Map<String, String> recompute = Map.of("shards", "sft", "recompute", "true");
        assertThat(figure(train("sft", "recomputed", recompute), "weights_sha256"))
                .isEqualTo(exact);
        Shell rounded = train("sft", "rounded", Map.of("shards", "sft", "precision", "bf16"));
        assertThat(figure(rounded, "weights_sha256")).isNotEqualTo(exact);
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeAnythingStarts() throws IOException {
        Shell pairs = train("sft", "wrong-kind", Map.of("shards", "safety"));
        assertThat(pairs.err())
                .contains("holds pairs; sft learns from examples, such as the shards of sft or documents");
        assertThat(pairs.exit()).isEqualTo(2);
        Shell examples = train("reward-model", "wrong-rows", Map.of("shards", "sft"));
        assertThat(examples.err()).contains("holds packed; reward-model learns from pairs");
        Shell absent = train("sft", "absent", Map.of("shards", "nothing"));
        assertThat(absent.exit()).isNotZero();
        assertThat(absent.err()).contains("folder/shards/nothing/_manifest.json");
    }

    private static Shell fresh(String run, String more) throws IOException {
        Path recipe = Files.writeString(folder.resolve(run + ".yaml"), FRESH.replace("MORE", more));
        return Shell.run(
                "pretrain", recipe.toString(), "-o", folder.resolve(run).toString(), "-Ddata=" + folder);
    }

    /** Killed while the initial model was written, and killed when it was trained. */
    @Test
    void aFreshModelIsWrittenOnceAndGoesOn() throws IOException {
        Shell whole = fresh("whole", "tied-embeddings: true");
        assertThat(Double.parseDouble(figure(whole, "last_loss")))
                .isLessThan(Double.parseDouble(figure(whole, "first_loss")));
        Path stage = folder.resolve("whole/pretrain");
        LlamaConfig config = HuggingFaceFolder.config(stage.resolve("model"));
        assertThat(config.vocabularySize()).isEqualTo(TinyModels.PIECES);
        assertThat(config.intermediateSize()).isEqualTo(48);

        Path half = Files.createDirectories(folder.resolve("half/pretrain/initial"));
        byte[] weights = Files.readAllBytes(stage.resolve("initial/model.safetensors"));
        Files.write(half.resolve("model.safetensors"), Arrays.copyOf(weights, weights.length / 2));
        Files.copy(stage.resolve("initial/config.json"), half.resolve("config.json"));
        Files.copy(folder.resolve("whole/recipe.yaml"), folder.resolve("half/recipe.yaml"));
        Shell resumed = fresh("half", "tied-embeddings: true");
        assertThat(figure(resumed, "weights_sha256")).isEqualTo(figure(whole, "weights_sha256"));
        assertThat(half.resolve("model.safetensors")).hasBinaryContent(weights);

        var written = Files.getLastModifiedTime(half.resolve("model.safetensors"));
        Files.delete(folder.resolve("half/pretrain/_done.json"));
        Files.delete(folder.resolve("half/pretrain/model/model.safetensors"));
        assertThat(figure(fresh("half", "tied-embeddings: true"), "weights_sha256"))
                .isEqualTo(figure(whole, "weights_sha256"));
        assertThat(Files.getLastModifiedTime(half.resolve("model.safetensors"))).isEqualTo(written);
    }

    @Test
    void aFreshModelThatDoesNotFitIsRefused() throws IOException {
        Shell small = fresh("few", "vocabulary-size: 299");
        assertThat(small.exit()).isEqualTo(2);
        assertThat(small.err())
                .contains("model.vocabulary-size: got 299, fewer than the 300 pieces of the tokenizer")
                .contains("leave it out to have as many, or give at least that");
        assertThat(folder.resolve("few/pretrain")).doesNotExist();
    }

    @Test
    void aSourcesWeightReachesTheShards() throws IOException {
        Storage storage = new Storage(new Configuration());
        String shards = folder.resolve("folder/shards/documents").toString();
        ShardManifest manifest = ShardManifest.read(storage, shards);
        ShardReader reader = new ShardReader(
                shards, manifest, manifest.kind().columns(), new SerializableConfiguration(new Configuration()));
        StringBuilder ids = new StringBuilder();
        for (int shard = 0; shard < manifest.shards().size(); shard++) {
            reader.read(shard)
                    .forEach(row -> ids.append(Arrays.toString(row.tokens(0)).replaceAll("[\\[\\]]", " , ")));
        }
        try (Tokenizer tokenizer = Tokenizer.open(folder.resolve("base/tokenizer.model"))) {
            String poem = Arrays.toString(tokenizer.encode(POEM)).replaceAll("[\\[\\]]", "");
            assertThat(ids.toString().split(Pattern.quote(" " + poem + ","), -1))
                    .hasSize(1 + 3);
        }
    }

    @Test
    void memoryIsToldWithoutAnythingBeingThere() throws IOException {
        Path recipe = Files.writeString(
                folder.resolve("large.yaml"),
                "name: large\nshards: ${nowhere}/x\nstart-from: ${nowhere}\ntraining: {activation-checkpointing: true}\n");
        Shell table = Shell.run("sft", recipe.toString(), "--memory", "--shape", "7b");
        assertThat(table.exit()).as(table.err()).isZero();
        // 6,738,415,616 weights of 4 bytes; 3 of the 8 lanes wait where there is one rank
        assertThat(table.lines().get(0)).contains("sft of 6.74 billion weights in fp32 with activation checkpointing");
        assertThat(table.lines()).anyMatch(line -> line.matches("  GiB a rank, of +1 rank +8 ranks"));
        assertThat(table.lines()).anyMatch(line -> line.matches("  weights +25.1 +25.1"));
        assertThat(table.lines()).anyMatch(line -> line.matches("  gradient lanes +75.3 +0.0"));
        assertThat(table.lines()).anyMatch(line -> line.matches("  AdamW moments +50.2 +6.3"));
        Shell absent = Shell.run("sft", recipe.toString(), "--memory");
        assertThat(absent.exit()).isEqualTo(2);
        assertThat(absent.err()).contains("start-from: there is no model at").contains("--shape 7b");
        Shell noOutput = Shell.run("sft", recipe.toString(), "-Dnowhere=" + folder);
        assertThat(noOutput.exit()).isEqualTo(2);
        assertThat(noOutput.err()).contains("--output: is missing; give the run's folder, or --memory");
    }

    @Test
    void anotherTokenizerIsRefused() throws IOException {
        Path other = folder.resolve("other.model");
        Files.write(other, otherTokenizer());
        Shell shell = train("sft", "other", Map.of("shards", "sft\ntokenizer: " + other));
        assertThat(shell.exit()).isEqualTo(2);
        assertThat(shell.err()).contains("other.model is not the one that the shards were made with");
    }

    @Test
    void aPolicyDoesNotStartFromARewardModel() throws IOException {
        TinyModels.rewardModel(folder.resolve("rewards"), 1);
        Shell shell = train(TRAIN.replace("${data}/base", "${data}/rewards"), "sft", "policy", Map.of("shards", "sft"));
        assertThat(shell.exit()).isEqualTo(2);
        assertThat(shell.err())
                .contains("start-from: ")
                .contains("holds a LlamaForSequenceClassification, and a LlamaForCausalLM is wanted");
    }

    private static byte[] otherTokenizer() {
        var words = BpeTrainer.countWords(List.of("some other words, of which there are a few more here"));
        return BpeTrainer.train(words, BpeOptions.llama(276)).toModelFile();
    }
}
