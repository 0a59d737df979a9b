package org.hone.spark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.hone.model.checkpoint.AdapterFolder;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.llama.Llama;
import org.hone.model.llama.LowRankAdapters;
import org.hone.model.llama.RewardModel;
import org.hone.model.tensor.Device;
import org.hone.model.tensor.Memory;
import org.hone.model.tensor.Tensor;
import org.hone.spark.fixture.HelpfulHarmless;
import org.hone.spark.fixture.LocalSpark;
import org.hone.spark.fixture.TinyModels;
import org.hone.spark.sampling.PackedRewards;
import org.hone.spark.table.Columns;
import org.hone.spark.table.TokenTables;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** What a reward model can learn beside which response is better, from raw files to scores. */
@Timeout(300)
final class RewardModelCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PAIRS = 24;

    private static final String DATA = """
            name: labelled
            tables: parquet
            sources:
              - name: labelled
                axis: safety
                origin: own
                path: "${data}/labelled.jsonl"
                format: mapping
                mapping:
                  kind: preference
                  columns: {prompt: q, chosen: good, rejected: bad, safety-bin: bin, margin: by}
              - {name: others, origin: own, path: "${data}/others.jsonl"}
            curation: {held-out: {weekly: 0}, mixtures: {enabled: false}, near-duplicates: {dialogues: false}}
            encoding:
              {tokenizer: "${data}/base/tokenizer.model", template: plain, max-length: 96, response-tokens: 32, margin: given}
            """;
    private static final String TRAIN = """
            name: labelled
            start-from: ${data}/BASE
            shards: ${data}/folder/shards/SHARDS
            training: {ranks: RANKS, gradient-lanes: 2}
            optimization:
              {batch-size: 8, micro-batch-tokens: 200, learning-rate: RATE, warmup-steps: 0, epochs: 2, lora: {LORA}}
            """;
    private static final String REWARDS =
            "reward-model: {centering: 0.01, safety-loss: 0.5, prefix-ranking: 0.5, normalise: true}\n";

    @TempDir
    private static Path folder;

    @BeforeAll
    static void shards() throws IOException {
        LocalSpark.useTwoSlots();
        TinyModels.policy(folder.resolve("base"), 1);
        Random random = new Random(4);
        StringBuilder labelled = new StringBuilder();
        StringBuilder others = new StringBuilder();
        String[] bins = {"\"both_safe\"", "\"both_unsafe\"", "\"chosen_safe_other_unsafe\"", "null"};
        for (int i = 0; i < PAIRS; i++) {
            labelled.append("{\"q\": \"" + words(random, 5) + "\", \"good\": \"" + words(random, 6) + "\", \"bad\": \""
                    + words(random, 4) + "\", \"bin\": " + bins[i % 4] + ", \"by\": "
                    + (i % 3 == 0 ? "null" : "0." + i) + "}\n");
            others.append(HelpfulHarmless.line(words(random, 6), words(random, 5), words(random, 4)) + "\n");
        }
        Files.writeString(folder.resolve("labelled.jsonl"), labelled);
        Files.writeString(folder.resolve("others.jsonl"), others);
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

    private static Shell train(String command, String run, String more, String... values) throws IOException {
        String text = TRAIN + more;
        for (String value : values) {
            int equals = value.indexOf('=');
            text = text.replace(value.substring(0, equals), value.substring(equals + 1));
        }
        text = text.replace("SHARDS", "safety")
                .replace("RANKS", "1")
                .replace("LORA", "rank: 0")
                .replace("BASE", "base")
                .replace("RATE", "0.01");
        Path recipe = Files.writeString(folder.resolve(run + ".yaml"), text);
        return Shell.run(command, recipe.toString(), "-o", folder.resolve(run).toString(), "-Ddata=" + folder);
    }

    private static String weights(Shell shell) {
        assertThat(shell.exit()).as(shell.err()).isZero();
        return shell.lines().stream()
                .filter(line -> line.strip().startsWith("weights_sha256 "))
                .findFirst()
                .orElseThrow(() -> new AssertionError(shell.out()));
    }

    private static List<Row> pairs() throws IOException {
        try (SparkSession spark = LocalSpark.start()) {
            return spark.read()
                    .schema(TokenTables.PAIRS)
                    .parquet(folder.resolve("folder/shards/safety").toString())
                    .collectAsList();
        }
    }

    /** Rewards of all responses of the shards, the model asked for one at a time. */
    private static double[] rewards(Path model) throws IOException {
        try (RewardModel rewardModel = HuggingFaceFolder.loadRewardModel(model, Device.cpu())) {
            return pairs().stream()
                    .flatMap(row -> List.of("chosen", "rejected").stream()
                            .map(response ->
                                    Columns.joined(Columns.tokens(row, "prompt"), Columns.tokens(row, response))))
                    .mapToDouble(ids -> PackedRewards.of(rewardModel, List.of(List.<int[]>of(ids)))[0])
                    .toArray();
        }
    }

    @Test
    void labelsAndMarginsTravelFromTheFileToTheShards() throws IOException {
        List<Row> pairs = pairs();
        assertThat(pairs).hasSize(PAIRS);
        assertThat(pairs.stream()
                        .collect(Collectors.groupingBy(
                                row -> row.getAs("chosen_safe") + " " + row.getAs("rejected_safe"),
                                Collectors.counting())))
                .containsOnly(
                        Map.entry("true true", 6L),
                        Map.entry("false false", 6L),
                        Map.entry("true false", 6L),
                        Map.entry("null null", 6L));
        assertThat(pairs.stream().map(row -> row.<Float>getAs("margin")).sorted())
                .startsWith(0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 0.1f, 0.1f)
                .contains(0.22f, 0.23f, 0.5f);
    }

    @Test
    void allPartsTogetherAreTheSameForOneAndTwoRanksAndAreKeptWithTheModel() throws IOException {
        String one = weights(train("reward-model", "one", REWARDS));
        assertThat(weights(train("reward-model", "two", REWARDS, "RANKS=2"))).isEqualTo(one);
        assertThat(weights(train("reward-model", "alone", ""))).isNotEqualTo(one);
        assertThat(weights(train("reward-model", "centred", "reward-model: {centering: 0.01}\n")))
                .isNotEqualTo(one);
        assertThat(weights(train("reward-model", "whole", REWARDS.replace("prefix-ranking: 0.5, ", ""))))
                .isNotEqualTo(one);
        Path model = folder.resolve("one/reward-model/model");
        JsonNode card = JSON.readTree(Files.readString(model.resolve("hone.json")));
        assertThat(JSON.readTree(Files.readString(folder.resolve("two/reward-model/model/hone.json"))))
                .isEqualTo(card);
        double[] rewards = rewards(model);
        double mean = Arrays.stream(rewards).average().orElseThrow();
        double deviation = Math.sqrt(Arrays.stream(rewards)
                .map(reward -> (reward - mean) * (reward - mean))
                .average()
                .orElseThrow());
        assertThat(card.path("rewards").path("mean").doubleValue()).isEqualTo(mean, within(1e-5));
        assertThat(card.path("rewards").path("deviation").doubleValue()).isEqualTo(deviation, within(1e-5));

        Path dialogues = Files.writeString(folder.resolve("dialogues.jsonl"), """
                {"messages": [{"role": "user", "content": "ab cd"}, {"role": "assistant", "content": "ef"}]}
                """);
        JsonNode plain = JSON.readTree(
                Shell.run("rewards", model.toString(), dialogues.toString()).out());
        JsonNode normalised = JSON.readTree(Shell.run("rewards", model.toString(), dialogues.toString(), "--normalised")
                .out());
        assertThat(normalised.path("reward").doubleValue())
                .isEqualTo((plain.path("reward").doubleValue() - mean) / deviation, within(1e-4));
        assertThat(plain.path("safe").doubleValue()).isBetween(0.0, 1.0).isNotEqualTo(0.5);
        Path alone = folder.resolve("alone/reward-model/model");
        assertThat(Shell.run("rewards", alone.toString(), dialogues.toString()).out())
                .doesNotContain("safe");
        Shell refused = Shell.run("rewards", alone.toString(), dialogues.toString(), "--normalised");
        assertThat(refused.exit()).isEqualTo(2);
        assertThat(refused.err()).contains("does not say where its rewards lie");
    }

    @Test
    void aSafetyLossOfNothingIsRefused() throws IOException {
        Shell shell = train("reward-model", "unlabelled", REWARDS, "SHARDS=helpfulness");
        assertThat(shell.exit()).isEqualTo(2);
        assertThat(shell.err())
                .contains("reward-model.safety-loss: 0.5, but no comparison of")
                .contains("set it to 0, or pack comparisons that have safety bins");
        assertThat(train("sft", "policy", REWARDS).err()).contains("reward-model: unknown key");
    }

    @Test
    void adaptersAreMergedOrKeptAndTheBaseStaysAsItIs() throws IOException {
        String lora = "LORA=rank: 3, alpha: 6, targets: [q_proj, down_proj]";
        String merged = weights(train("reward-model", "merged", REWARDS, lora));
        assertThat(weights(train("reward-model", "merged-two", REWARDS, lora, "RANKS=2")))
                .isEqualTo(merged);
        assertThat(weights(train("reward-model", "kept", REWARDS, lora + ", save: adapters")))
                .isEqualTo(merged);
        Path whole = folder.resolve("merged/reward-model/model");
        Path kept = folder.resolve("kept/reward-model/model");
        assertThat(kept.resolve("model.safetensors")).doesNotExist();
        assertThat(kept.resolve("hone.json")).hasSameTextualContentAs(whole.resolve("hone.json"));
        Path together = folder.resolve("together");
        Shell merge = Shell.run("merge", kept.toString(), folder.resolve("base").toString(), "-o", together.toString());
        assertThat(merge.exit()).as(merge.err()).isZero();
        for (String file : List.of("config.json", "model.safetensors", "hone.json", "tokenizer.model")) {
            assertThat(together.resolve(file)).as(file).hasSameBinaryContentAs(whole.resolve(file));
        }
        try (Llama base = HuggingFaceFolder.loadPolicy(folder.resolve("base"), Device.cpu());
                RewardModel expected = HuggingFaceFolder.loadRewardModel(whole, Device.cpu());
                RewardModel adapted = RewardModel.fromPolicy(base, 99, true);
                LowRankAdapters adapters = AdapterFolder.attach(kept, adapted)) {
            base.parameters().forEach((name, weight) -> {
                boolean isTarget = name.contains("q_proj") || name.contains("down_proj");
                float[] after = numbers(expected.parameters().get(name));
                assertThat(Arrays.equals(after, numbers(weight))).as(name).isEqualTo(!isTarget);
            });
            adapters.merge();
            expected.parameters()
                    .forEach((name, weight) -> assertThat(
                                    numbers(adapted.parameters().get(name)))
                            .as(name)
                            .isEqualTo(numbers(weight)));
        }
    }

    @Test
    void anEarlierRewardModelGoesOnWithItsHeads() throws IOException {
        assertThat(weights(train("reward-model", "earlier", REWARDS))).isNotEmpty();
        String from = "BASE=earlier/reward-model/model";
        String still = "RATE=1.0e-9";
        weights(train("reward-model", "further", REWARDS, from, still));
        weights(train("reward-model", "ranking", "", from, still));
        weights(train("reward-model", "new-head", REWARDS.replace("{", "{head-seed: 5, "), from, still));
        try (RewardModel earlier = rewardModel("earlier");
                RewardModel further = rewardModel("further");
                RewardModel ranking = rewardModel("ranking");
                RewardModel newHead = rewardModel("new-head")) {
            assertThat(ranking.parameters()).doesNotContainKey(RewardModel.SAFETY_HEAD);
            earlier.parameters().forEach((name, weight) -> {
                float[] expected = numbers(weight);
                assertThat(numbers(further.parameters().get(name))).as(name).containsExactly(expected, within(1e-7F));
                if (!name.equals(RewardModel.SAFETY_HEAD)) {
                    assertThat(numbers(ranking.parameters().get(name)))
                            .as(name)
                            .containsExactly(expected, within(1e-7F));
                }
                float[] ofNewHead = numbers(newHead.parameters().get(name));
                if (name.equals("score.weight")) {
                    assertThat(ofNewHead[0]).isNotCloseTo(expected[0], within(1e-3F));
                } else {
                    assertThat(ofNewHead).as(name).containsExactly(expected, within(1e-7F));
                }
            });
        }
        Shell both = train("reward-model", "both", REWARDS.replace("{", "{head-seed: 5, zero-head: true, "), from);
        assertThat(both.exit()).isEqualTo(2);
        assertThat(both.err()).contains("reward-model.head-seed: got 5, and zero-head leaves nothing to draw");
    }

    private static RewardModel rewardModel(String run) throws IOException {
        return HuggingFaceFolder.loadRewardModel(folder.resolve(run + "/reward-model/model"), Device.cpu());
    }

    private static float[] numbers(@Nullable Tensor tensor) {
        return Memory.tidy(() -> Objects.requireNonNull(tensor).toFloats());
    }

    @Test
    void strangeTargetsAreRefused() throws IOException {
        Shell refused = train("reward-model", "strange", "", "LORA=rank: 2, targets: [lm_head]");
        assertThat(refused.exit()).isEqualTo(2);
        assertThat(refused.err())
                .contains("optimization.lora.targets: got lm_head, expected some of q_proj, k_proj, v_proj, o_proj");
    }
}
